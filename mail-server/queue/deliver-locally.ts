import { createHash } from 'node:crypto';
import type { AccountId } from '../../lib/db/ids.ts';
import type { Provenance } from '../../lib/mime/judgement.ts';
import { deliverToMailbox, type MailboxOutcome } from '../delivery/deliver-to-mailbox.ts';
import type { Letter, MailboxRecipient } from '../delivery/letter.ts';
import { readForMailboxes } from '../delivery/read-for-mailboxes.ts';
import { releasedIsRememberedS } from '../delivery/released-once.ts';
import { memoryKey } from '../../lib/targets/memory-key.ts';
import { refusalLine } from '../delivery/rules/refusal-line.ts';
import type { Original } from '../spam/extract-features.ts';
import { readPassedOnBy } from '../delivery/srs.ts';
import { withReturnPath } from '../delivery/trace-header.ts';
import type { Services } from '../services.ts';
import { readQueued, type QueuedRecipient } from '../store/queue/queue-store.ts';
import { isCommitted } from '../store/delivery-keys.ts';
import { isRemembered, markOf, noteKey, withTwin } from '../store/rules-store.ts';
import { StoreError } from '../store/store-error.ts';
import { deferred, failed, ofOurs, said, type Outcome } from './outcome.ts';
import type { QueueContext } from './queue-context.ts';

export interface LocalRecipient {
  recipient: QueuedRecipient;
  account: AccountId;
  /** of what the mailbox does with its letters */
  rulesVersion: number;
}

/** A group's copy has the group's fields, and sometimes its name: the filter looks at what was written. */
const originalOf = ({ written, author }: Provenance): Original | null =>
  !written || author === null ? null : { ...written, fromDomain: author.slice(author.lastIndexOf('@') + 1).toLowerCase() };

type Context = Pick<QueueContext, 'services' | 'conclude' | 'heldMailboxes'>;

/**
 * Delivers a queued message to mailboxes of ours, one copy to each however many of its addresses are among the recipients. The message and
 * the mailbox make the idempotency key: whoever tries it again after a crash, this worker or another, stores it once.
 */
export async function deliverLocally(context: Context, messageId: number, locals: readonly LocalRecipient[]): Promise<void> {
  const { services } = context;
  const recipients = locals.map(({ recipient }) => recipient);
  let content: Buffer | null;
  let letter: Letter;
  try {
    const queued = await readQueued(services.database, messageId);
    if (!queued) throw new Error('the message is gone');
    const { provenance } = queued;
    content = queued.content;
    const { sender = '', requireTls = false } = recipients[0] ?? {};
    const raw = withReturnPath(content, sender);
    // the filter reads what came from elsewhere on its way to a group or by a forward
    const { index, features } = await readForMailboxes({
      raw,
      party: sender,
      accounts: locals.map(({ account }) => account),
      isFiltered: provenance.origin === 'outside',
      original: originalOf(provenance),
    });
    const message = { raw, index, flags: 0n, receivedMs: null, provenance };
    letter = { message, sender, suspicious: isSuspicious(provenance), requireTls, features };
  } catch (error) {
    services.log.error({ err: error, queueId: messageId }, 'a queued message could not be read');
    await context.conclude(
      recipients,
      recipients.map(() => ofOurs(error, 'The message could not be read')),
      null,
    );
    return;
  }
  const byAccount = new Map(locals.map((local) => [local.account, local]));
  // what a group, or the forward or the rules of another mailbox, pass on to one that has it already is not stored beside it
  const isPassedOn = recipients.some(({ passedOnBy }) => passedOnBy !== null);
  const having = isPassedOn ? whoHas(services, [...byAccount.keys()], letter) : noMailboxes;
  const stored = new Map(
    await Promise.all(
      Array.from(byAccount.values(), async (local) => {
        const { account, recipient } = local;
        return [account, await context.heldMailboxes.storing(recipient.address, () => store(services, local, letter, having))] as const;
      }),
    ),
  );
  const outcomes = locals.map(({ recipient, account }) => patient(recipient, stored.get(account)));
  await context.conclude(recipients, outcomes, content, {
    done: () => {
      for (const { account, recipient } of byAccount.values()) {
        if (sameAs(letter, recipient) !== undefined) continue;
        const { key, sharedKey } = keysFor(account, letter, recipient);
        services.store.acknowledge(account, key);
        if (sharedKey) services.store.acknowledge(account, sharedKey);
      }
    },
  });
}

const keyOf = (message: number | string, account: AccountId): Buffer =>
  createHash('sha256').update(`queue message ${message} to mailbox ${account}`).digest();

/** Copies of one letter that come by several ways at the same time share a key; one without a Message-ID cannot be told from others. */
function keysFor(account: AccountId, letter: Letter, recipient: QueuedRecipient): { key: Buffer; sharedKey: Buffer | null } {
  const { messageId, passedOnBy } = recipient;
  const heldAs = sameAs(letter, recipient);
  const isAlone = heldAs !== undefined || passedOnBy === null || letter.message.index.references.length === 0;
  return { key: keyOf(heldAs ?? messageId, account), sharedKey: isAlone ? null : keyOf(markOfWritten(letter), account) };
}

const noMailboxes: Promise<ReadonlySet<AccountId>> = Promise.resolve(new Set<AccountId>());

function whoHas({ database }: Services, accounts: readonly AccountId[], letter: Letter): Promise<ReadonlySet<AccountId>> {
  const { index, provenance } = letter.message;
  const attested = provenance.judgement?.verdict === 'attested' ? 'attested' : null;
  return withTwin(database, accounts, index, markOfWritten(letter), provenance.origin === 'submitted' ? 'submitted' : attested);
}

const markOfWritten = ({ message: { index, provenance } }: Letter): string => provenance.written?.mark ?? markOf(index);

/**
 * By what copies of a letter that groups let go are known as one. What comes out of the quarantine is the copy that its mailbox still lacks, and
 * what another mailbox passes on may be all that is left of it.
 */
function sameAs({ message: { provenance } }: Letter, { passedOnBy }: QueuedRecipient): string | undefined {
  const by = readPassedOnBy(passedOnBy);
  return provenance.released || (by && by.kind !== 'address') ? undefined : provenance.heldAs;
}

/**
 * A letter that several groups' moderators let pass comes from each of them, at times that are days apart: a mailbox takes the first. Two at the same
 * time have the same key; for later the mailbox remembers it.
 */
async function storeOnce(services: Services, to: MailboxRecipient, letter: Letter, recipient: QueuedRecipient): Promise<MailboxOutcome> {
  const { database } = services;
  const keys = keysFor(to.account, letter, recipient);
  const heldAs = sameAs(letter, recipient);
  if (heldAs === undefined) {
    const outcome = await deliverToMailbox(services, to, letter, keys, false);
    if (outcome.kind !== 'known' || keys.sharedKey === null || (await isCommitted(database, to.account, keys.key))) return outcome;
    // another way had it: where the rules passed that copy on, or threw it away, nobody has it
    if ((await whoHas(services, [to.account], letter)).has(to.account)) return outcome;
    return deliverToMailbox(services, to, letter, { ...keys, sharedKey: null }, false);
  }
  const key = memoryKey('released', heldAs);
  if (await isRemembered(database, to.account, key)) return { kind: 'known' };
  const outcome = await deliverToMailbox(services, to, letter, keys, false);
  if (outcome.kind !== 'refused') await noteKey(services.database, to.account, key, releasedIsRememberedS(services.settings));
  return outcome;
}

const known: MailboxOutcome = { kind: 'known' };
const full = failed('5.2.2', '552 5.2.2 Postfach voll - mailbox full');

/** What the door would have put into Junk goes there by way of the queue too. */
const isSuspicious = ({ judgement }: Provenance): boolean =>
  judgement?.verdict === 'undecided' ||
  (judgement?.dmarc.some(({ result, policy }) => result !== 'pass' && policy === 'quarantine') ?? false);

/** Where no sender is told, since there is none (a report of ours) or nobody knows whether he is who he says, a full mailbox is waited for. */
const patient = ({ reports }: QueuedRecipient, outcome: Outcome = deferred('4.3.0', '451 4.3.0 Not stored')): Outcome =>
  outcome === full && !reports ? deferred('4.2.2', '452 4.2.2 Postfach voll - mailbox full') : outcome;

async function store(services: Services, local: LocalRecipient, letter: Letter, having: Promise<ReadonlySet<AccountId>>): Promise<Outcome> {
  const { account, rulesVersion, recipient } = local;
  try {
    const to = { account, rulesVersion, recipient: recipient.address, notify: recipient.dsnNotify };
    const outcome = (await having).has(account) ? known : await storeOnce(services, to, letter, recipient);
    if (outcome.kind === 'refused') return failed('5.7.1', `550 5.7.1 ${outcome.reason}`);
    const { instead } = outcome;
    // it was answered by them, and its delivery is nothing to confirm
    if (instead?.kind === 'rejected')
      return {
        kind: 'delivered',
        way: 'refused',
        confirms: true,
        result: said('5.7.1', `550 5.7.1 ${refusalLine(instead.reason)} (rules: rejected)`),
      };
    const words = outcome.kind === 'stored' && outcome.withheld ? 'In Quarantaene - in quarantine' : 'Zugestellt - delivered';
    const remark = instead ? ` (rules: ${instead.kind})` : '';
    return { kind: 'delivered', way: 'stored', confirms: false, result: said('2.1.5', words + remark) };
  } catch (error) {
    const code = error instanceof StoreError ? error.code : null;
    if (code === 'OverQuota') return full;
    if (code === 'UnknownAccount') return failed('5.1.1', '550 5.1.1 Adresse unbekannt - address unknown');
    services.log.warn({ err: error, queueId: recipient.messageId }, 'a queued message could not be stored');
    return ofOurs(error, 'The store does not answer');
  }
}
