import type { Resolution } from '../../lib/targets/resolve-address.ts';
import type { Provenance } from '../../lib/mime/judgement.ts';
import { admitAtDoor } from '../delivery/groups/admit-to-groups.ts';
import { deliverToMailboxes, type DeliveryOutcome } from '../delivery/deliver-to-mailboxes.ts';
import type { MailboxRecipient } from '../delivery/letter.ts';
import { messageId } from '../delivery/message-id.ts';
import { receivedField, stampMessage } from '../delivery/trace-header.ts';
import { countLetter } from '../reports/count-letter.ts';
import type { Services } from '../services.ts';
import { rememberHost } from '../spam/greylist.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import { answerFor, refusedLater, remarkOf, stored, withId } from './answer-recipients.ts';
import { localRecipients, type Arrived, type LocalRecipient } from './arrived.ts';
import type { SmtpContext } from './context.ts';
import { confirmDelivery, enqueueFailed, enqueueOnward } from './enqueue-received.ts';
import { judgeMessage, type LetIn } from './judge-message.ts';
import { noteRecipient } from './note-recipient.ts';
import { noteRefusals } from './note-refusal.ts';
import { takeReports } from './receive-report.ts';
import { containsVirus, reply, unavailable, type Reply } from './reply.ts';
import type { Transaction, Verdict } from './transaction.ts';

/** Receives a message of another host: judged, resolved, delivered. Every 250 that comes of it is said after the commit. */
export async function receiveMessage(session: SmtpContext, transaction: Transaction, content: Buffer): Promise<Verdict> {
  const judged = await judgeMessage(session, transaction, content);
  const verdict =
    judged.kind === 'turned' ? refuse(session, transaction, content, judged.refusal) : await takeIn(session, transaction, content, judged);
  // what is to come again is counted then, for the report to the domain of its author
  const isFinal = verdict.replies.some(({ code }) => code < 400 || code >= 500);
  if (judged.examined && isFinal)
    countLetter(session.services, { ...judged.examined, remoteAddress: session.remoteAddress, sender: transaction.sender });
  return verdict;
}

function refuse(session: SmtpContext, transaction: Transaction, content: Buffer, answer: Reply): Verdict {
  noteRefusals(session, transaction, answer, messageId(content));
  return { replies: session.profile.lmtp ? transaction.recipients.map(() => answer) : [answer] };
}

async function takeIn(session: SmtpContext, transaction: Transaction, content: Buffer, judged: LetIn): Promise<Verdict> {
  const { services, profile } = session;
  const { provenance, senderIsGenuine, suspicion, virus, keepers } = judged;
  const recipients = localRecipients(transaction);
  if (recipients.every(({ target }) => target.kind === 'reports'))
    return takeReports({ session, transaction, content, provenance }, recipients);
  const raw = stamped(session, transaction, content, judged);
  services.metrics.messages.inc({ way: profile.service });
  const arrived: Arrived = { session, transaction, content, raw, provenance, senderIsGenuine, suspicious: suspicion !== null };
  const leads = await whereTheyLead(services, recipients, provenance, content.length);
  if ('code' in leads) return refuse(session, transaction, content, leads);
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
  const messageRef = messageId(content, judged.header);
  for (const [index, recipient] of recipients.entries()) {
    const outcome = recipient.target.kind === 'mailbox' ? outcomeOf.get(recipient.target.accountId) : undefined;
    if (outcome && !outcome.ok) services.log.warn({ err: outcome.error, session: session.id }, 'a delivery failed');
    const answer = answers[index] ?? unavailable();
    const noted = refusedLater(outcome) ?? answer;
    const remark = answer === stored ? remarkOf(suspicion, outcome) : '';
    noteRecipient(session, transaction, recipient, noted === stored ? 'stored' : 'refused', noted, messageRef, remark);
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
      recipients.filter(
        ({ target }, index) =>
          target.kind === 'mailbox' && answers[index] === stored && refusedLater(outcomeOf.get(target.accountId)) === null,
      ),
    );
  return { replies: [withId(answer, session)], settle: answer === stored ? settle : () => settle(false) };
}

async function toMailboxes(
  { session, transaction, content, raw, provenance, suspicious }: Arrived,
  recipients: readonly LocalRecipient[],
): Promise<{ outcomes: DeliveryOutcome[]; outcomeOf: Map<AccountId, DeliveryOutcome> }> {
  const mailboxes = new Map<AccountId, MailboxRecipient>();
  for (const { target, address, notify } of recipients) {
    if (target.kind !== 'mailbox' || mailboxes.has(target.accountId)) continue;
    mailboxes.set(target.accountId, { account: target.accountId, rulesVersion: target.rulesVersion, recipient: address, notify });
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
    const admission = await admitAtDoor(services, target, provenance, bytes);
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

function stamped(session: SmtpContext, transaction: Transaction, content: Buffer, { results, header }: LetIn): Buffer {
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
  return stampMessage(content, { sender: transaction.sender, results, received, hostName }, header);
}
