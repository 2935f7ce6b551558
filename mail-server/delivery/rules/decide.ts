import type { Provenance } from '../../../lib/mime/judgement.ts';
import type { MessageIndex } from '../../../lib/mime/message-index.ts';
import { canonicalName } from '../../folder-name.ts';
import type { Services } from '../../services.ts';
import { compile } from '../../sieve/compile.ts';
import { execute } from '../../sieve/execute.ts';
import type { Header } from '../../sieve/letter/header.ts';
import type { Letter } from '../../sieve/letter/letter.ts';
import type { Notify, Outcome, Reject, TrackDuplicate, Vacation } from '../../sieve/run/actions.ts';
import type { Environment } from '../../sieve/run/environment.ts';
import { isCorrespondent, isRemembered, markOf, withTwin } from '../../store/rules-store.ts';
import type { AccountId } from '../../../lib/db/ids.ts';
import type { FolderInfo } from '../../store/mail-store.ts';
import { memoryKey, type Forwarder } from '../../../lib/targets/memory-key.ts';
import type { MailboxRules } from './mailbox-rules.ts';
import { ruledLetter, runScript } from './run-script.ts';
import { whyUnanswered } from './why-unanswered.ts';
import { zoneOf } from './zone-of.ts';

/** A letter that came for a mailbox, with what was found out about it. */
export interface Incoming {
  /** as it is stored: Return-Path, results and Received on top */
  raw: Buffer;
  index: Pick<MessageIndex, 'envelope' | 'body' | 'references'>;
  /** reverse-path, "" for the null sender */
  sender: string;
  /** address as which the mailbox was written to */
  recipient: string;
  provenance: Provenance;
  /** something speaks against it (DMARC quarantine, the spam filter): it belongs into Junk unless its owner says otherwise */
  suspicious: boolean;
  /** how far it is from Junk, 0 to 100; null: nobody judged it for this mailbox */
  spamPercent: number | null;
  /** RFC 8689: what is passed on goes no other way than it came */
  requireTls: boolean;
  /** a refusal is told to the host that is sending it */
  mayRefuse: boolean;
  /** of which reports its sender wants to hear (RFC 3461); null: he said nothing */
  notify: string | null;
}

/** A copy into a folder of the mailbox. */
export interface StoredCopy {
  /** '' for INBOX */
  folder: string;
  specialUse: string | null;
  mailboxId: string | null;
  create: boolean;
  flags: readonly string[];
  /** null: as the letter came */
  header: Header | null;
}

/** A copy to another address. */
export interface PassedOn {
  to: string;
  header: Header | null;
  by: Forwarder;
}

/** Everything that becomes of a letter in one mailbox. Nothing of it is done yet. */
export interface Decision {
  copies: StoredCopy[];
  passedOn: PassedOn[];
  answers: ((Vacation | Notify | Reject) & { absence?: boolean })[];
  tracks: TrackDuplicate[];
  /** why the script could not be used or failed; the letter is in the inbox */
  failure: { line: number; sentence: string; script: string } | null;
  /** of the letter as it came: edited headers hold its very fields */
  own: Header;
}

const inbox: StoredCopy = { folder: '', specialUse: null, mailboxId: null, create: false, flags: [], header: null };
const junk: StoredCopy = { ...inbox, specialUse: '\\Junk' };
/** the field that a letter gets when a mailbox passes it on; one that comes back with it is not passed on again */
const loopField = 'Delivered-To';

/** Applies the rules of a mailbox to a letter: senders, its Sieve script, forwards, the absence note. */
export async function decide(services: Services, account: AccountId, rules: MailboxRules, incoming: Incoming): Promise<Decision> {
  const letter = ruledLetter(incoming.raw);
  const own = letter.header;
  const isBack = own.values(loopField).some((value) => value.trim().toLowerCase() === rules.address);
  const verdict = senderVerdict(rules, incoming);
  const isJunk = verdict === 'blocked' || (incoming.suspicious && verdict !== 'allowed');
  const keep = isJunk ? junk : inbox;
  const decision: Decision = { copies: [], passedOn: [], answers: [], tracks: [], failure: rules.fault, own };
  const environment = environmentOf(services, account, rules, incoming);
  if (rules.script) {
    const outcome = await runScript(rules.script, letter, environment, zoneNameOf(rules), String(account));
    apply(decision, outcome, own, keep, account);
  } else decision.copies.push(keep);
  const isRefused = decision.answers.some(({ kind }) => kind === 'reject');
  // decision 155: a refusal that nobody can be told keeps the letter out of the way, and not out of the world
  if (isRefused && !incoming.mayRefuse && (isJunk || !isProvedSender(incoming))) decision.copies.push(junk);
  // a letter that comes back, and one that nobody should see, stays here and is not answered; refused it is to its host's face alone
  if (isBack || isJunk) {
    if (decision.copies.length === 0 && decision.passedOn.length > 0) decision.copies.push(keep);
    // it went round in a circle of forwards, and the copy that was kept the first time is enough
    if (isBack && (await withTwin(services.database, [account], incoming.index, markOf(incoming.index))).size > 0) decision.copies = [];
    return {
      ...decision,
      passedOn: [],
      answers: decision.answers.filter(({ kind }) => kind === 'reject' && (incoming.mayRefuse || !isJunk)),
    };
  }
  const isGone = decision.copies.length === 0 && decision.passedOn.length === 0;
  const mayAnswer = (answers: Decision['answers']): Decision['answers'] =>
    answers.map((answer) => restrained(answer, own, rules, incoming));
  if (isRefused || isGone) return { ...decision, answers: mayAnswer(decision.answers) };
  passOnByForwards(decision, rules);
  await answerAbsence(services, account, rules, incoming, letter, decision);
  return { ...decision, answers: mayAnswer(decision.answers) };
}

/** Whoever is written to at the reverse-path is who sent the letter, and no stranger whose address somebody wrote there. */
export const isProvedSender = ({ sender, provenance: { origin, judgement } }: Pick<Incoming, 'sender' | 'provenance'>): boolean =>
  sender !== '' && (origin === 'submitted' || judgement?.spf?.result === 'pass');

function restrained(
  answer: Decision['answers'][number],
  own: Header,
  rules: MailboxRules,
  incoming: Incoming,
): Decision['answers'][number] {
  if (answer.kind !== 'vacation' || answer.withheld !== null) return answer;
  return { ...answer, withheld: whyUnanswered(own, answer.to, rules, incoming.provenance) };
}

/** An allowed sender must not be one that anybody can pretend to be. */
function senderVerdict(rules: MailboxRules, { provenance, sender }: Incoming): 'blocked' | 'allowed' | null {
  if (rules.senders.size === 0) return null;
  const known = (address: string): 'blocked' | 'allowed' | undefined => {
    const lower = address.toLowerCase();
    return rules.senders.get(lower) ?? rules.senders.get(lower.slice(lower.lastIndexOf('@')));
  };
  const author = provenance.author === null ? undefined : known(provenance.author);
  if (author === 'blocked' || (sender !== '' && known(sender) === 'blocked')) return 'blocked';
  const isBelieved = provenance.judgement?.verdict !== 'failed' && provenance.judgement?.verdict !== 'undecided';
  return author === 'allowed' && isBelieved ? 'allowed' : null;
}

function apply(decision: Decision, outcome: Outcome, own: Header, keep: StoredCopy, account: AccountId): void {
  decision.failure = outcome.failure;
  const edited = (header: Header): Header | null => (header === own ? null : header);
  const actions = outcome.implicitKeep ? [...outcome.actions, outcome.implicitKeep] : outcome.actions;
  for (const action of actions) {
    switch (action.kind) {
      case 'keep':
        decision.copies.push({ ...keep, flags: action.flags, header: edited(action.header) });
        break;
      case 'fileinto': {
        const { mailbox, specialUse, mailboxId, create, flags, header } = action;
        const name = canonicalName(mailbox);
        const folder = name === 'INBOX' ? '' : name;
        decision.copies.push({ folder, specialUse, mailboxId, create, flags, header: edited(header) });
        break;
      }
      case 'redirect':
        decision.passedOn.push({ to: action.address, header: edited(action.header), by: { kind: 'rules', id: account } });
        break;
      case 'vacation':
      case 'notify':
      case 'reject':
        decision.answers.push(action);
        break;
      case 'track':
        decision.tracks.push(action);
        break;
      case 'discard':
        break;
    }
  }
}

/** A forward that keeps nothing takes the copy in the inbox; what a filter put into a folder stays. */
function passOnByForwards(decision: Decision, { forwards }: MailboxRules): void {
  if (forwards.length === 0) return;
  for (const { id, target } of forwards) decision.passedOn.push({ to: target, header: null, by: { kind: 'forward', id } });
  if (forwards.every(({ keep }) => !keep))
    decision.copies = decision.copies.filter((copy) => copy.folder !== '' || copy.specialUse !== null || copy.mailboxId !== null);
}

async function answerAbsence(
  services: Services,
  account: AccountId,
  rules: MailboxRules,
  incoming: Incoming,
  letter: Letter,
  decision: Decision,
): Promise<void> {
  const { absence } = rules;
  const now = Date.now();
  if (!absence || (absence.startsMs ?? now) > now || (absence.endsMs ?? now) < now) return;
  // what a script of the owner's says already is not said twice
  if (decision.answers.some(({ kind }) => kind === 'vacation')) return;
  const author = incoming.provenance.author ?? incoming.sender;
  if (absence.onlyContacts && !(await isCorrespondent(services.database, account, author.toLowerCase()))) return;
  const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const subject = absence.subject === '' ? '' : ` :subject ${quote(absence.subject)}`;
  const text = quote(absence.text.replaceAll('\n', '\r\n'));
  const source = `require "vacation";vacation :days ${absence.everyDays}${subject} :handle "absence ${absence.updatedMs}" ${text};`;
  const { actions } = await execute(compile(Buffer.from(source)), letter, environmentOf(services, account, rules, incoming));
  for (const action of actions) if (action.kind === 'vacation') decision.answers.push({ ...action, absence: true });
}

const zoneNameOf = (rules: MailboxRules): string => rules.timeZone ?? 'Europe/Vienna';

function environmentOf(services: Services, account: AccountId, rules: MailboxRules, incoming: Incoming): Environment {
  return {
    envelope: { from: incoming.sender, to: incoming.recipient },
    recipient: rules.address,
    ownAddresses: [...new Set([rules.address, incoming.recipient, ...rules.addresses])],
    now: new Date(),
    zoneMinutes: zoneOf(zoneNameOf(rules)),
    detailSeparator: '+',
    items: {
      domain: services.settings.hostName,
      host: services.settings.hostName,
      location: 'MS',
      phase: 'during',
      name: 'Postamt Sieve',
      version: '1',
    },
    spamPercent: incoming.spamPercent,
    virus: 0,
    vacationSeconds: { usual: 7 * 86_400, least: 86_400, most: 365 * 86_400 },
    mailboxes: async () => (await services.store.folders(account)).map(asRuleMailbox),
    metadata: async () => null,
    seenBefore: (handle, id) => isRemembered(services.database, account, memoryKey('duplicate', handle, id)),
  };
}

const asRuleMailbox = ({ name, specialUse, folderId }: FolderInfo) => ({
  name,
  specialUse: specialUse === null ? [] : [specialUse],
  mailboxId: `F${folderId}`,
});
