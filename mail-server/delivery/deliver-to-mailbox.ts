import { customerId } from '../../lib/db/ids.ts';
import type { SpamVerdict } from '../../lib/mime/judgement.ts';
import { TaskFailure } from '../../lib/workers/task-failure.ts';
import type { Services } from '../services.ts';
import { StoreError } from '../store/store-error.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { MailStore } from '../store/mail-store.ts';
import { isCommitted } from '../store/delivery-keys.ts';
import { markOf, withTwin } from '../store/rules-store.ts';
import { readQuarantines } from '../store/withheld-letters.ts';
import { judgeForMailbox } from '../spam/judge-for-mailbox.ts';
import { bellOf } from '../queue/queue-bell.ts';
import type { Letter, MailboxRecipient } from './letter.ts';
import { quarantined, whyQuarantined, type QuarantineReason } from './quarantine.ts';
import { prepareDecided } from './rules/carry-out.ts';
import { decide, type Decision, type Incoming } from './rules/decide.ts';
import type { MailboxRules } from './rules/mailbox-rules.ts';

/** What rules made of a letter that they left no copy of in the mailbox. `rejected`: it could not be told to the host that sends it any more. */
export type Instead = { kind: 'rejected'; reason: string } | { kind: 'passed on' } | { kind: 'discarded' };

/**
 * - stored: everything that the letter becomes in this mailbox is committed; `withheld`: it waits in the customer's quarantine
 * - known: it was, in an earlier try with this key
 * - refused: the owner's rules refuse it, and the sender can be told so at once
 */
export type MailboxOutcome =
  | { kind: 'stored'; spam: SpamVerdict | null; withheld?: QuarantineReason; instead?: Instead | null }
  | { kind: 'known'; instead?: Instead | null }
  | { kind: 'refused'; reason: string };

/** `key`: of this delivery, however often it is tried; `sharedKey`: of the same letter by whichever way, null where it comes by one */
interface DeliveryKeys {
  key: Buffer;
  sharedKey: Buffer | null;
}

/**
 * The one way into a mailbox, from port 25, LMTP and the queue: the rules decide what becomes of the letter, and all of it (folders,
 * redirects, answers, what is remembered) is committed in one transaction under one key. Rules that fail deliver to the inbox; where the store
 * or a worker is away while they are applied, the letter comes again.
 * Rejects with StoreError.
 *
 * @param mayRefuse the sender hears what is said of this recipient alone, so a refusal can be an answer of the protocol
 */
export async function deliverToMailbox(
  services: Services,
  to: MailboxRecipient,
  given: Letter,
  keys: DeliveryKeys,
  mayRefuse: boolean,
): Promise<MailboxOutcome> {
  const { store, log } = services;
  const rules = await services.rules.get(to.account, to.rulesVersion);
  const reason = whyQuarantined(given, rules);
  if (reason) {
    await requireRoom(services, reason, rules, given.message.raw.length);
    return withhold(services, to, given, keys, reason);
  }
  // whoever released it has seen it: it goes into the inbox, and nowhere else
  if (given.message.provenance.released) return storePlainly(store, to.account, { ...given, suspicious: false }, keys);
  const { spamPercent, ...letter } = await judged(services, to.account, given, (rules?.script ?? null) !== null);
  if (!rules) return storePlainly(store, to.account, letter, keys);
  const { message, sender, suspicious, requireTls } = letter;
  const { raw, index, provenance } = message;
  const incoming: Incoming = {
    raw,
    index,
    sender,
    recipient: to.recipient,
    provenance,
    suspicious,
    spamPercent,
    requireTls,
    mayRefuse,
    notify: to.notify,
  };
  let decided: Awaited<ReturnType<typeof prepareDecided>>;
  let instead: Instead | null;
  try {
    const decision = await decide(services, to.account, rules, incoming);
    const refusal = decision.answers.find((answer) => answer.kind === 'reject');
    // a letter whose 250 was lost is here: what rules say of it now (that it is a duplicate) is no news to its sender
    if (refusal && mayRefuse && decision.copies.length === 0)
      return (await isCommitted(services.database, to.account, keys.key)) ? { kind: 'known' } : { kind: 'refused', reason: refusal.reason };
    decided = await prepareDecided({ services, secret: services.secret, account: to.account, rules, incoming, decision, ...keys, message });
    instead = decided.copies.length > 0 ? null : insteadOf(decision, refusal);
  } catch (error) {
    // nothing is wrong with the rules, and they count when the letter comes again
    if (error instanceof StoreError || (error instanceof TaskFailure && error.code === 'Busy')) throw error;
    log.error({ err: error, account: to.account }, 'the rules of a mailbox could not be applied');
    return storePlainly(store, to.account, letter, keys);
  }
  const done = await store.deliverDecided(decided);
  if (done && done.queued > 0) bellOf(services.database).ring();
  if (done) return { kind: 'stored', spam: message.provenance.spam ?? null, instead };
  // what rules say now of a letter that is there (that it is a duplicate) they did not say then
  const isThere = instead && (await withTwin(services.database, [to.account], index, markOf(index))).size > 0;
  return { kind: 'known', instead: isThere ? null : instead };
}

function insteadOf({ passedOn }: Decision, refusal: { reason: string } | undefined): Instead {
  if (refusal) return { kind: 'rejected', reason: refusal.reason };
  return { kind: passedOn.length > 0 ? 'passed on' : 'discarded' };
}

/** A letter with malware was given its room at the door. Another comes again later, when somebody has looked through the quarantine. */
async function requireRoom({ database, settings, log }: Services, { cause }: QuarantineReason, rules: MailboxRules | null, bytes: number) {
  if (cause === 'virus' || !rules) return;
  const customer = customerId(rules.customerId);
  const room = (await readQuarantines(database, [customer], settings.withheld.bytes)).get(customer)?.room ?? 0;
  if (room >= bytes) return;
  log.warn({ customer }, 'the quarantine of a customer is full, its letters with programs wait outside');
  throw new StoreError('QuarantineFull');
}

async function withhold(
  services: Services,
  to: MailboxRecipient,
  letter: Letter,
  keys: DeliveryKeys,
  reason: QuarantineReason,
): Promise<MailboxOutcome> {
  const withheld = [quarantined(services, letter, to, reason)];
  const done = await services.store.deliverDecided({ account: to.account, ...keys, copies: [], outgoing: [], once: [], withheld });
  services.metrics.messages.inc({ way: 'withheld' });
  return done ? { kind: 'stored', spam: null, withheld: reason } : { kind: 'known' };
}

async function storePlainly(
  store: MailStore,
  account: AccountId,
  { message, suspicious }: Letter,
  keys: DeliveryKeys,
): Promise<MailboxOutcome> {
  const folderId = suspicious ? (await store.folders(account)).find(({ specialUse }) => specialUse === '\\Junk')?.folderId : undefined;
  const copies = [{ folderId: folderId ?? null, create: null, message }];
  const stored = keys.sharedKey
    ? await store.deliverDecided({ account, ...keys, copies, outgoing: [], once: [], withheld: [] })
    : await store.deliver(account, message, keys.key, folderId);
  return stored ? { kind: 'stored', spam: message.provenance.spam ?? null } : { kind: 'known' };
}

/** The letter with what the spam filter says of it in this mailbox. What speaks against it at the door already, nothing here outweighs. */
async function judged(
  services: Services,
  account: AccountId,
  letter: Letter,
  hasScript: boolean,
): Promise<Letter & Pick<Incoming, 'spamPercent'>> {
  const { features, message, suspicious } = letter;
  const { provenance, index } = message;
  const said = features && (await judgeForMailbox(services, account, features, provenance, index.references, hasScript || suspicious));
  if (!said && !suspicious) return { ...letter, spamPercent: null };
  const { percent = 0, reasons: found = [] } = said?.spam ?? {};
  const reasons = suspicious ? [{ code: 'policy-quarantine', points: 10 }, ...found] : found;
  const spam = { percent: suspicious ? 100 : percent, junk: suspicious || said?.suspicious === true, reasons };
  return { ...letter, suspicious: spam.junk, spamPercent: spam.percent, message: { ...message, provenance: { ...provenance, spam } } };
}
