import type { EmailAddress } from '../../../lib/addresses/email-address.ts';
import { customerId } from '../../../lib/db/ids.ts';
import { parseEnvelopePath } from '../../../lib/addresses/envelope-path.ts';
import { nameProblem } from '../../folder-name.ts';
import type { Services } from '../../services.ts';
import { editedCopy } from '../../sieve/letter/edited-copy.ts';
import { automaticMessage } from '../../store/queue/automatic-message.ts';
import type { NewQueueMessage } from '../../store/queue/queue-store.ts';
import { Flag, type Decided, type DecidedCopy, type FolderInfo, type NewMessage } from '../../store/mail-store.ts';
import type { AccountId } from '../../../lib/db/ids.ts';
import { isSendingHeld } from '../../store/queue/outgoing-guard.ts';
import { indexIncoming } from '../letter-work.ts';
import { isGoingRound, passOn } from '../pass-on.ts';
import { readSrsAddress } from '../srs.ts';
import { answersOf } from './answers-of.ts';
import { isProvedSender, type Decision, type Incoming, type StoredCopy } from './decide.ts';
import { editedProvenance } from './edited-provenance.ts';
import { isOfCustomer } from './is-of-customer.ts';
import type { MailboxRules } from './mailbox-rules.ts';
import { memoryKey } from '../../../lib/targets/memory-key.ts';
import { writeRefusal } from './write-answer.ts';
import { houseLetter } from '../automatic-letter.ts';

export interface CarryOut {
  services: Services;
  secret: string;
  account: AccountId;
  rules: MailboxRules;
  incoming: Incoming;
  decision: Decision;
  key: Buffer;
  sharedKey: Buffer | null;
  /** the letter as it came, ready to be stored */
  message: NewMessage;
}

const systemFlags = new Map([
  ['\\seen', Flag.Seen],
  ['\\answered', Flag.Answered],
  ['\\flagged', Flag.Flagged],
  ['\\deleted', Flag.Deleted],
  ['\\draft', Flag.Draft],
]);
const dayS = 86_400;
/** of the name of a folder, UTF-16 units */
const longestShown = 80;

/** Turns what was decided into what is written: contents of copies, letters for the queue. What cannot be done falls back to the inbox. */
export async function prepareDecided(work: CarryOut): Promise<Decided> {
  const { services, account, rules, decision, key, sharedKey } = work;
  const { copies, missing } = await copiesOf(work);
  const { passed, failed } = await passedOnOf(work);
  // a letter is never lost for a target that is no good
  if (copies.length === 0 && failed && passed.length === 0) copies.push(await inboxCopy(work));
  const once = [...(await answersOf(work)), ...noticesOf(work, missing)];
  for (const { handle, id, seconds, last } of decision.tracks) {
    once.push({ key: memoryKey('duplicate', handle ?? '', id), seconds, message: null, anew: last });
  }
  services.metrics.messages.inc({ way: 'rules' });
  return { account, key, sharedKey, copies, outgoing: [...passed, ...(await refusalsOf(work, rules))], withheld: [], once };
}

/** `missing`: folders that rules name and that are not there. */
async function copiesOf(work: CarryOut): Promise<{ copies: DecidedCopy[]; missing: string[] }> {
  const { services, account, decision, incoming, message } = work;
  const missing = new Set<string>();
  if (decision.copies.length === 0) return { copies: [], missing: [] };
  const isPlain = decision.copies.every(({ folder, specialUse, mailboxId }) => folder === '' && specialUse === null && mailboxId === null);
  const folders = isPlain ? [] : await services.store.folders(account);
  const copies = new Map<string, DecidedCopy>();
  for (const copy of decision.copies) {
    const place = placeOf(copy, folders);
    if (copy.folder !== '' && place.folderId === null && place.create === null) missing.add(copy.folder);
    const { bits, keywords } = flagsOf(copy.flags);
    const same = `${place.folderId} ${place.create}`;
    // RFC 5228 section 2.10.3: the same folder has one copy; the flags of all of them
    const before = copies.get(same);
    if (before) {
      before.message = {
        ...before.message,
        flags: before.message.flags | bits,
        keywords: [...new Set([...(before.message.keywords ?? []), ...keywords])],
      };
      continue;
    }
    let stored = message;
    if (copy.header) {
      const raw = editedCopy({ raw: incoming.raw, header: decision.own }, copy.header);
      const edited = { before: decision.own, after: copy.header, raw, passedOn: false };
      const provenance = message.provenance && editedProvenance(message.provenance, edited);
      stored = { ...message, raw, index: await indexIncoming(raw, String(account)), ...(provenance ? { provenance } : {}) };
    }
    copies.set(same, { ...place, message: { ...stored, flags: bits, keywords } });
  }
  return { copies: [...copies.values()], missing: [...missing] };
}

async function inboxCopy({ message }: CarryOut): Promise<DecidedCopy> {
  return { folderId: null, create: null, message };
}

/** RFC 9042 before RFC 8579 before the name. A folder that is not there is made if the script says so, else it is INBOX. */
function placeOf(copy: StoredCopy, folders: readonly FolderInfo[]): { folderId: number | null; create: string | null } {
  const found =
    (copy.mailboxId !== null && folders.find(({ folderId }) => `F${folderId}` === copy.mailboxId)) ||
    (copy.specialUse !== null && folders.find(({ specialUse }) => specialUse?.toLowerCase() === copy.specialUse?.toLowerCase())) ||
    (copy.folder !== '' && folders.find(({ name }) => name === copy.folder));
  if (found) return { folderId: found.folderId, create: null };
  return { folderId: null, create: copy.folder !== '' && copy.create && nameProblem(copy.folder) === null ? copy.folder : null };
}

function flagsOf(flags: readonly string[]): { bits: bigint; keywords: string[] } {
  let bits = 0n;
  const keywords: string[] = [];
  for (const flag of flags) {
    const system = systemFlags.get(flag.toLowerCase());
    if (system !== undefined) bits |= system;
    else if (!flag.startsWith('\\')) keywords.push(flag);
  }
  return { bits, keywords };
}

async function passedOnOf(work: CarryOut): Promise<{ passed: NewQueueMessage[]; failed: boolean }> {
  const { services, secret, account, rules, incoming, decision } = work;
  const passed: NewQueueMessage[] = [];
  let failed = false;
  const from = rules.address as EmailAddress;
  const isScripted = decision.passedOn.some(({ by }) => by.kind === 'rules');
  const isHeld = isScripted && (await isSendingHeld(services.database.read, account));
  for (const { to, header, by } of decision.passedOn) {
    const target = parseEnvelopePath(to);
    const mayLeave = target && ((rules.domainVerified && rules.forwardsOutside) || (await isOfCustomer(services, rules, target.domain)));
    if (
      !target ||
      !mayLeave ||
      (isHeld && by.kind === 'rules') ||
      isGoingRound(incoming.raw, from) ||
      rules.addresses.includes(target.own ?? '')
    ) {
      failed = true;
      continue;
    }
    const raw = header ? editedCopy({ raw: incoming.raw, header: decision.own }, header) : incoming.raw;
    const { sender, requireTls } = incoming;
    const edited = header && { before: decision.own, after: header, raw, passedOn: true };
    const provenance = edited ? editedProvenance(incoming.provenance, edited) : incoming.provenance;
    const smtputf8 = /[^\x20-\x7e]/.test(sender);
    const message = await passOn(services, secret, {
      raw,
      sender,
      smtputf8,
      requireTls,
      provenance,
      from,
      customerId: customerId(rules.customerId),
      by,
      backTo: decision.copies.length > 0 ? null : account,
      to: [to],
      acceptKey: null,
    });
    if (message) passed.push(message);
    else failed = true;
  }
  return { passed, failed };
}

/**
 * Only to a sender who proved his address: a refusal in the name of a stranger would reach somebody else. Nor where he wants no report of failure:
 * what answers `ereject` is one (RFC 5429 section 2.1.2).
 */
async function refusalsOf({ services, secret, incoming, decision }: CarryOut, rules: MailboxRules): Promise<NewQueueMessage[]> {
  const reject = decision.answers.find((answer) => answer.kind === 'reject');
  const { sender, notify } = incoming;
  if (reject?.kind !== 'reject' || !isProvedSender(incoming)) return [];
  if (reject.inProtocol && notify !== null && !notify.includes('FAILURE')) return [];
  const about = { rules, raw: incoming.raw, hostName: services.settings.hostName, at: new Date() };
  const message = automaticMessage(sender, {
    customerId: customerId(rules.customerId),
    locale: rules.locale,
    content: writeRefusal(reject, sender, about, readSrsAddress(sender, secret)?.backTo !== undefined),
  });
  return message ? [message] : [];
}

/**
 * The owner hears once a day that his script does not work, and once a day of folders that it misses, whichever they are: a script may take their
 * names from what strangers write. The letter is in the inbox.
 */
function noticesOf(work: CarryOut, missing: readonly string[]): Decided['once'][number][] {
  const { rules, decision } = work;
  const { failure } = decision;
  const notices: Decided['once'][number][] = [];
  const tell = (what: readonly string[], subject: string, text: string): void => {
    const message = noticeTo(work, subject, text);
    if (message) notices.push({ key: memoryKey('notice', ...what), seconds: dayS, message, anew: false });
  };
  if (failure) {
    const where = failure.script === '' ? (rules.activeScript ?? '') : failure.script;
    const text =
      `Ihr Filter „${where}“ konnte nicht angewendet werden, Ihre E-Mails kommen in den Posteingang.\nZeile ${failure.line}: ${failure.sentence}\n\n` +
      `Your filter “${where}” could not be applied, your mail goes to the inbox.\nLine ${failure.line}: ${failure.sentence}\n`;
    tell(['fault', where], 'Ihr Filter hat einen Fehler - your filter has a fault', text);
  }
  const [named] = missing;
  if (named !== undefined) {
    // a stranger may have written it, and what we say must not go on in his words
    const folder = named
      .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .slice(0, longestShown)
      .toWellFormed();
    const text =
      `Einer Ihrer Filter legt E-Mails in den Ordner „${folder}“, den es nicht gibt. Sie kommen in den Posteingang, bis Sie den Ordner anlegen ` +
      'oder im Filter einen anderen wählen.\n\n' +
      `One of your filters puts mail into the folder “${folder}”, which does not exist. It goes to the inbox until you create the folder or ` +
      'choose another one in the filter.\n';
    tell(['folder'], 'Ein Ordner Ihres Filters fehlt - a folder of your filter is missing', text);
  }
  return notices;
}

function noticeTo({ services, rules }: CarryOut, subject: string, text: string): NewQueueMessage | null {
  const content = houseLetter({ hostName: services.settings.hostName, to: rules.address, subject, text });
  return automaticMessage(rules.address, { customerId: customerId(rules.customerId), locale: rules.locale, content });
}
