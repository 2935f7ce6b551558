import type { Resolution } from '../../lib/targets/resolve-address.ts';
import type { Judgement, Provenance } from '../../lib/mime/judgement.ts';
import { type Author, readAuthor, soleAuthor, writtenAddress } from '../../lib/mime/read-author.ts';
import { MessageHeader } from '../../lib/mime/read-header.ts';
import { checkAuthenticity, type Authenticity } from '../delivery/check-authenticity.ts';
import type { MailboxRecipient } from '../delivery/letter.ts';
import { deliverToMailboxes, type DeliveryOutcome } from '../delivery/deliver-to-mailboxes.ts';
import { admitAtDoor } from '../delivery/admit-to-groups.ts';
import { messageId } from '../delivery/message-id.ts';
import { takersOfViruses } from '../delivery/quarantine.ts';
import { continues, receivedField, stampMessage } from '../delivery/trace-header.ts';
import type { Services } from '../services.ts';
import { checkArrival } from '../spam/check-arrival.ts';
import { mustComeAgain, rememberHost } from '../spam/greylist.ts';
import type { AccountId } from '../store/types.ts';
import type { StoreErrorCode } from '../store/store-error.ts';
import type { Arrived, LocalRecipient } from './arrived.ts';
import { mailboxFull, unknownAddress } from './check-local-recipient.ts';
import { confirmDelivery, enqueueFailed, enqueueOnward } from './enqueue-received.ts';
import type { Transaction, Verdict } from './transaction.ts';
import { checkHeader } from './check-header.ts';
import { judgeOwnDomain } from './judge-own-domain.ts';
import { noteRecipient } from './note-recipient.ts';
import { takeReports } from './receive-report.ts';
import { containsVirus, reply, unavailable, type Reply } from './reply.ts';
import type { SmtpContext } from './context.ts';

const stored = reply(250, '2.0.0', 'Zugestellt - delivered');
const unchecked = reply(
  451,
  '4.4.3',
  'Absender noch nicht geprueft - the DNS of the sender did not answer in time, please try again later',
);

/** RFC 5322 section 3.6: one From field, and in it somebody. What programs would read differently is shown by none of them. */
const noAuthor: Record<Exclude<Author['kind'], 'known'>, Reply> = {
  missing: reply(550, '5.6.0', 'Feld From fehlt - the From field is missing (RFC 5322 section 3.6)'),
  repeated: reply(550, '5.6.0', 'Mehr als ein Feld From - more than one From field (RFC 5322 section 3.6)'),
  unreadable: reply(
    550,
    '5.6.0',
    'Im Feld From steht keine eindeutige Adresse - the From field names no address that can be told for sure (RFC 5322 section 3.6.2)',
  ),
};
const brokenHeader = reply(550, '5.6.0', 'Kopf beginnt mitten in einem Feld - the header begins in the middle of a field');

function provenanceOf(author: Author, judgement: Judgement | null): Provenance {
  const sole = soleAuthor(author);
  const named = { author: sole && writtenAddress(sole), submittedBy: null };
  if (judgement) return { ...named, origin: 'outside', judgement };
  // the host in front of us checks what it passes on, but nobody can check an author who is none
  const broken: Judgement = { verdict: 'failed', spf: null, dkim: [], dmarc: [], arc: null };
  return { ...named, origin: 'lmtp', judgement: author.kind === 'known' ? null : broken };
}

/** The id that stands in our log and in Received, for the log of the other side. */
const withId = (answer: Reply, { id }: SmtpContext): Reply =>
  answer === stored ? reply(250, '2.0.0', `Zugestellt - delivered as ${id}`) : answer;

/** What was found out about a message on its way in. */
export interface Checked {
  authenticity?: Authenticity;
  header?: MessageHeader;
}

/** Delivers a message from outside to our mailboxes. Every 250 that comes of it is said after the commit. */
export async function receiveMessage(
  session: SmtpContext,
  transaction: Transaction,
  content: Buffer,
  checked: Checked = {},
): Promise<Verdict> {
  const { services, profile } = session;
  const recipients = transaction.recipients as LocalRecipient[];
  const messageRef = messageId(content);
  const refuse = (answer: Reply): Verdict => {
    for (const recipient of recipients) noteRecipient(session, transaction, recipient, 'refused', answer, messageRef);
    return { replies: profile.lmtp ? recipients.map(() => answer) : [answer] };
  };
  const header = checkHeader(content, services.settings.headerBytes);
  if (!(header instanceof MessageHeader)) return refuse(header);
  const author = readAuthor(header);
  let results = '';
  let senderIsGenuine = false;
  let suspicion: string | null = null;
  let judgement: Judgement | null = null;
  if (!profile.lmtp) {
    if (author.kind !== 'known') return refuse(noAuthor[author.kind]);
    if (continues(header, header.fields[0])) return refuse(brokenHeader);
    const { remoteAddress, greetedAs } = session;
    const envelope = { content, sender: transaction.sender, remoteAddress, greetedAs };
    const authenticity = await checkAuthenticity(services, envelope, header, author);
    Object.assign(checked, { authenticity, header });
    if (authenticity.refused) {
      return refuse(reply(550, '5.7.26', `Absender nicht echt - refused by the DMARC policy of ${authenticity.domain}`));
    }
    if (authenticity.unfinished) return refuse(unchecked);
    ({ results, senderIsGenuine } = authenticity);
    try {
      judgement = await judgeOwnDomain(services, author, authenticity.judgement);
    } catch (error) {
      services.log.error({ err: error, session: session.id }, 'an author could not be looked up');
      return refuse(unavailable(error));
    }
    if (authenticity.quarantined)
      suspicion = authenticity.domain ? `DMARC policy of ${authenticity.domain}` : 'the checks could not be finished';
  }
  const { reasons, virus } = await checkArrival(services, {
    content,
    sender: transaction.sender,
    recipients: recipients.map(({ address }) => address),
    remoteAddress: profile.lmtp ? null : session.remoteAddress,
    greetedAs: session.greetedAs,
    authorDomain: soleAuthor(author)?.domain ?? '',
  });
  // SMTP has one answer for all: where one of them does not want to keep it, the sender hears that, and nobody has it
  const keepers = virus === null ? recipients : await whoKeepsViruses(services, recipients, content.length);
  if (virus !== null && keepers.length < (profile.lmtp ? 1 : recipients.length)) return refuse(containsVirus(virus));
  const plain = { ...provenanceOf(author, judgement), ...(virus === null ? {} : { virus }) };
  const genuineAuthor = senderIsGenuine || judgement?.verdict === 'attested' ? plain.author : null;
  if (recipients.every(({ target }) => target.kind === 'reports'))
    return takeReports({ session, transaction, content, provenance: plain }, recipients);
  if (!profile.lmtp && (await isGreylisted(session, transaction, recipients, genuineAuthor))) return refuse(comeAgain);
  const provenance: Provenance = reasons.length === 0 ? plain : { ...plain, spam: { percent: 0, junk: false, reasons } };
  const raw = stamped(session, transaction, content, results);
  services.metrics.messages.inc({ way: profile.service });
  const arrived: Arrived = { session, transaction, content, raw, provenance, senderIsGenuine, suspicious: suspicion !== null };
  const leads = await whereTheyLead(services, recipients, provenance, content.length);
  if ('code' in leads) return refuse(leads);
  const { outcomes, outcomeOf } = await toMailboxes(arrived, keepers);
  const onward = await enqueueOnward(arrived, keepers, leads);
  const answers = recipients.map((recipient) => {
    const { target } = recipient;
    if (virus !== null && !keepers.includes(recipient)) return containsVirus(virus);
    return target.kind === 'mailbox' ? answerFor(outcomeOf.get(target.accountId)) : onward.ok ? stored : unavailable(onward.error);
  });
  const settle = (answered: boolean) => {
    for (const outcome of outcomes) if (outcome.ok) outcome.settle(answered);
    onward.settle(answered);
  };
  for (const [index, recipient] of recipients.entries()) {
    const outcome = recipient.target.kind === 'mailbox' ? outcomeOf.get(recipient.target.accountId) : undefined;
    if (outcome && !outcome.ok) services.log.warn({ err: outcome.error, session: session.id }, 'a delivery failed');
    const answer = answers[index] ?? unavailable();
    const remark = answer === stored ? remarkOf(suspicion, outcome) : '';
    noteRecipient(session, transaction, recipient, answer === stored ? 'stored' : 'refused', answer, messageRef, remark);
  }
  if (!profile.lmtp && outcomes.some((outcome) => outcome.ok && outcome.spam?.junk === false))
    rememberHost(services, session.remoteAddress);
  if (profile.lmtp) return { replies: answers.map((each) => withId(each, session)), settle };
  const answer = await oneAnswer(arrived, recipients, answers).catch((error: unknown) => {
    settle(false);
    throw error;
  });
  // anybody can write another's address into the reverse-path: a stranger's wish is followed only where SPF says that it is his
  if (answer === stored && senderIsGenuine)
    await confirmDelivery(
      arrived,
      recipients.filter(({ target }, index) => target.kind === 'mailbox' && answers[index] === stored),
    );
  return { replies: [withId(answer, session)], settle: answer === stored ? settle : () => settle(false) };
}

const comeAgain = reply(451, '4.7.1', 'Bitte in einigen Minuten noch einmal - please try again in a few minutes');

function isGreylisted(
  { services, remoteAddress }: SmtpContext,
  { sender }: Transaction,
  recipients: readonly LocalRecipient[],
  genuineAuthor: string | null,
): Promise<boolean> {
  const accounts = recipients.flatMap(({ target }) => (target.kind === 'mailbox' ? [target.accountId] : []));
  return mustComeAgain(services, { remoteAddress, sender, recipients: recipients.map(({ address }) => address), accounts, genuineAuthor });
}

/** Mailboxes whose customer keeps letters with malware in quarantine. What leads elsewhere never takes one there. */
async function whoKeepsViruses(services: Services, recipients: readonly LocalRecipient[], bytes: number): Promise<LocalRecipient[]> {
  const mailboxes = recipients.flatMap((recipient) =>
    recipient.target.kind === 'mailbox' ? [{ recipient, customer: recipient.target.customerId }] : [],
  );
  const takers = await takersOfViruses(
    services,
    mailboxes.map(({ customer }) => customer),
    bytes * mailboxes.length,
  ).catch((error: unknown) => {
    services.log.warn({ err: error }, 'whether a letter with malware is kept could not be found out, it is refused');
    return new Set();
  });
  return mailboxes.flatMap(({ recipient, customer }) => (takers.has(customer) ? [recipient] : []));
}

/** Why it lies in Junk or in quarantine, for the trace. */
function remarkOf(suspicion: string | null, outcome: DeliveryOutcome | undefined): string {
  if (outcome?.ok && outcome.withheld) return ` (quarantine: ${outcome.withheld.cause} ${outcome.withheld.detail})`;
  const spam = outcome?.ok ? outcome.spam : null;
  if (suspicion !== null) return ` (Junk: ${suspicion})`;
  if (!spam) return '';
  const reasons = spam.reasons.filter(({ points }) => points > 0).map(({ code, data }) => (data === undefined ? code : `${code} ${data}`));
  return spam.junk ? ` (Junk, ${spam.percent} %: ${reasons.slice(0, 4).join(', ')})` : ` (spam filter: ${spam.percent} %)`;
}

async function toMailboxes(
  { session, transaction, content, raw, provenance, suspicious }: Arrived,
  recipients: readonly LocalRecipient[],
): Promise<{ outcomes: DeliveryOutcome[]; outcomeOf: Map<AccountId, DeliveryOutcome> }> {
  const mailboxes = new Map<AccountId, MailboxRecipient>();
  for (const { target, address } of recipients) {
    if (target.kind !== 'mailbox' || mailboxes.has(target.accountId)) continue;
    mailboxes.set(target.accountId, { account: target.accountId, rulesVersion: target.rulesVersion, recipient: address });
  }
  const outcomes = await deliverToMailboxes(session.services, [...mailboxes.values()], {
    sender: transaction.sender,
    received: content,
    raw,
    provenance,
    suspicious,
    requireTls: transaction.requireTls,
    mayRefuse: session.profile.lmtp || recipients.length === 1,
  });
  const outcomeOf = new Map<AccountId, DeliveryOutcome>();
  for (const [index, account] of [...mailboxes.keys()].entries()) {
    const outcome = outcomes[index];
    if (outcome) outcomeOf.set(account, outcome);
  }
  return { outcomes, outcomeOf };
}

const tooManyWait = reply(
  450,
  '4.2.0',
  'Zu viele E-Mails warten auf Freigabe - too many messages wait for approval, please try again later',
);
const mayNotPost = reply(550, '5.7.2', 'An diese Gruppe duerfen Sie nicht schreiben - you are not allowed to post to this group');

/**
 * Where addresses lead that are no mailboxes. A group that the author may not write to is said here, where the sender hears it: a report would
 * go to whoever he pretends to be.
 */
async function whereTheyLead(
  services: Services,
  recipients: readonly LocalRecipient[],
  provenance: Provenance,
  bytes: number,
): Promise<Reply | Map<LocalRecipient, Resolution>> {
  const leads = new Map<LocalRecipient, Resolution>();
  for (const recipient of recipients) {
    const { target } = recipient;
    if (target.kind !== 'targets') continue;
    const admission = await admitAtDoor(services, target.address, provenance, { customerId: target.customerId, bytes });
    if (admission.kind !== 'admitted') return admission.kind === 'full' ? tooManyWait : mayNotPost;
    leads.set(recipient, admission.resolution);
  }
  return leads;
}

/**
 * SMTP has one reply for all recipients. All failed: that is the reply. Some failed: those go on from the queue, where each of them is
 * tried again or bounced, since a sender who came again would deliver to the others twice.
 */
async function oneAnswer(arrived: Arrived, recipients: readonly LocalRecipient[], answers: readonly Reply[]): Promise<Reply> {
  const failed = recipients.filter((_, index) => answers[index] !== stored);
  if (failed.length === 0) return stored;
  if (failed.length === recipients.length) return answers.find((answer) => answer.code < 500) ?? answers[0] ?? unavailable();
  await enqueueFailed(arrived, failed);
  return stored;
}

function stamped(session: SmtpContext, transaction: Transaction, content: Buffer, results: string): Buffer {
  const { hostName } = session.services.settings;
  const [only, ...others] = transaction.recipients;
  const received = receivedField(
    {
      hostName,
      greetedAs: session.greetedAs,
      remoteAddress: session.remoteAddress,
      extended: session.extended,
      lmtp: session.profile.lmtp,
      encryption: session.encryption,
      authenticated: false,
      smtputf8: transaction.smtputf8,
      id: session.id,
      recipient: only && others.length === 0 ? only.text : null,
    },
    new Date(),
  );
  return stampMessage(content, { sender: transaction.sender, results, received, hostName });
}

const replies: Partial<Record<StoreErrorCode, Reply>> = { OverQuota: mailboxFull, UnknownAccount: unknownAddress };

function answerFor(outcome: DeliveryOutcome | undefined): Reply {
  if (!outcome) return unavailable();
  if (outcome.ok) return stored;
  if (outcome.code === 'Refused') return reply(550, '5.7.1', refusalLine(String(outcome.error)));
  return replies[outcome.code] ?? unavailable(outcome.error);
}

/** The reason of `reject` in one line of a reply, which is ASCII (RFC 5429 section 2.2). */
const refusalLine = (reason: string): string =>
  reason
    .replace(/[ÄÖÜäöüß]/g, (letter) => umlauts[letter] ?? '?')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 400) || 'Vom Empfaenger abgelehnt - refused by the recipient';
const umlauts: Record<string, string> = { Ä: 'Ae', Ö: 'Oe', Ü: 'Ue', ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };
