import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { domainOf } from '../../lib/addresses/email-address.ts';
import { byButton } from '../../lib/targets/by-button.ts';
import { MessageHeader } from '../../lib/mime/read-header.ts';
import { parseEnvelopePath } from '../../lib/addresses/envelope-path.ts';
import { encodeHeader } from '../delivery/signing/encode-header.ts';
import { DeliveryKeyring, sha256 } from '../delivery/idempotency.ts';
import { messageId } from '../delivery/message-id.ts';
import { submitterName } from '../delivery/received-name.ts';
import { logStep } from '../delivery/note-step.ts';
import { signMessage } from '../delivery/signing/sign-message.ts';
import { receivedField } from '../delivery/trace-header.ts';
import { guardOutgoing } from '../spam/guard-outgoing.ts';
import { findVirus } from '../spam/check-arrival.ts';
import { bellOf } from '../queue/queue-bell.ts';
import { enqueueSubmission, type OutgoingGuard, type Submitted } from '../store/queue/submission-store.ts';
import type { TraceEvent } from '../store/trace-store.ts';
import type { Principal } from '../auth/types.ts';
import { forgetAnswered, forgetHeard } from './forget-answered.ts';
import { customerFull, sendingHeld, tooMany, tooManyStrangers } from './check-submission.ts';
import { releaseTime } from './parse-hold-parameters.ts';
import { prepareSubmission } from './prepare-submission.ts';
import { repairHeaderLines } from './repair-header-lines.ts';
import { repairLineEnds } from './repair-line-ends.ts';
import type { Transaction, Verdict } from './transaction.ts';
import { checkHeader } from './check-header.ts';
import { isProved, mayAllSpeak } from './check-speakers.ts';
import { containsVirus, needsLogin, reply, type Reply } from './reply.ts';
import type { SmtpContext } from './context.ts';

const keyring = new DeliveryKeyring();
const retryMs = 750;
const retries = 2;

const foreignAuthor = reply(
  553,
  '5.7.1',
  'Die Adresse im Feld From gehoert nicht zu Ihrem Postfach - the From address does not belong to your mailbox',
);
const noAuthor = reply(
  554,
  '5.6.0',
  'Genau ein Feld From mit gueltigen Adressen ist noetig - exactly one From field with valid addresses is needed',
);

/** Takes a message of one of our users: it is in the durable queue, for all its recipients or none, before the 250 is said. */
export async function acceptSubmission(
  session: SmtpContext,
  secret: string,
  transaction: Transaction,
  submitted: Buffer,
): Promise<Verdict> {
  const { services, principal } = session;
  if (!principal) return refusal(needsLogin);
  const whole = transaction.binary ? submitted : repairLineEnds(submitted);
  const submittedHeader = checkHeader(whole, services.settings.headerBytes);
  if (!(submittedHeader instanceof MessageHeader)) return refusal(submittedHeader);
  const received = repairHeaderLines(whole, submittedHeader);
  const header = received === whole ? submittedHeader : new MessageHeader(received);
  const at = new Date();
  const own = await services.directory.senderAddresses(principal.accountId);
  const { hostName, sendPerHour } = services.settings;
  const address = parseEnvelopePath(transaction.sender)?.own ?? principal.address;
  const unanswerable = transaction.sender === '';
  const submitter = { address, name: principal.name, own, mailbox: principal.address, hostName, unanswerable };
  const prepared = prepareSubmission(received, header, submitter, at);
  if (prepared === 'foreign-author') return refusal(foreignAuthor);
  if (prepared === 'no-author') return refusal(noAuthor);
  const objection = await mayAllSpeak(services, principal, prepared, transaction.recipients);
  if (objection) return refusal(objection === 'foreign-author' ? foreignAuthor : objection);
  const virus = await findVirus(services, received);
  if (virus !== null) return refusal(containsVirus(virus));
  const author = prepared.author && (await isProved(services, domainOf(prepared.author))) ? prepared.author : null;
  // what somebody else wrote is passed on as it is: his signature covers header and text
  const asItCame = prepared.foreignAuthors.length > 0;
  const outgoing = transaction.smtputf8 || asItCame ? prepared.content : encodeHeader(prepared.content);
  const sealed = await signMessage(services, secret, outgoing, domainOf(prepared.signer), { asItCame });
  const content = Buffer.concat([Buffer.from(sealed.signature + traceField(session, transaction, at)), sealed.message]);
  const envelope = [transaction.sender, ...transaction.recipients.map(({ text }) => text)].join('\n');
  const hash = await sha256(submitted);
  const { key: acceptKey, settle } = keyring.take(principal.accountId, envelope, hash);
  try {
    const message = queued(transaction, principal, content, { author, acceptKey, tlsOptional: isTlsOptional(header) });
    const messageRef = messageId(content);
    const trace = (queueId: number, releaseAt: Date | null) =>
      message.recipients.flatMap((each) => submittedSteps(session, message, messageRef, each.address, queueId, releaseAt));
    const key = submissionKey(transaction, prepared.givenId, hash);
    const byHand = transaction.sender !== '' && isWrittenByHand(header);
    const letter = { message, key, byHand, releaseTime: (now: Date) => releaseTime(transaction.hold, now) };
    const { accountId, customerId } = principal;
    const { postmaster, spam } = services.settings;
    const limits = { strangersPerHour: spam.strangersPerHour, hostName, postmaster };
    const guard: OutgoingGuard = (query, recipients) =>
      guardOutgoing(query, { account: accountId, customer: customerId, recipients }, limits);
    const accepted = await enqueueOnce(() => enqueueSubmission(services.database, letter, services.settings, trace, guard));
    if (accepted.kind === 'too-many' || accepted.kind === 'customer-full') {
      settle(false);
      return refusal(accepted.kind === 'too-many' ? tooMany(sendPerHour) : customerFull);
    }
    if (accepted.kind === 'slowed' || accepted.kind === 'sending-held') {
      settle(false);
      services.metrics.outgoing.inc({ verdict: accepted.kind });
      if (accepted.kind === 'sending-held') services.log.warn({ mailbox: principal.address }, 'what a mailbox sends is held');
      return refusal(accepted.kind === 'slowed' ? tooManyStrangers : sendingHeld);
    }
    const { queueId } = accepted;
    if (accepted.kind === 'queued') for (const step of trace(accepted.queueId, accepted.releaseAt)) logStep(services.log, step, session.id);
    services.metrics.messages.inc({ way: session.profile.service });
    bellOf(services.database).ring();
    return {
      replies: [reply(250, '2.0.0', `Angenommen - queued${queueId === null ? '' : ` as ${queueId}`}`)],
      settle: (answered) => {
        settle(answered);
        if (answered && accepted.kind === 'queued') forgetAnswered(services, accepted.queueId);
      },
      heard: () => {
        if (accepted.kind === 'queued') forgetHeard(services, accepted.queueId);
      },
    };
  } catch (error) {
    settle(false);
    throw error;
  }
}

const refusal = (answer: Reply): Verdict => ({ replies: [answer] });

/** Another process may have acknowledged identical mail this moment and be about to forget its key. */
async function enqueueOnce(submit: () => Promise<Submitted>): Promise<Submitted> {
  let submitted = await submit();
  for (let attempt = 0; submitted.kind === 'known' && attempt < retries; attempt++) {
    await sleep(retryMs);
    submitted = await submit();
  }
  return submitted;
}

/**
 * What makes two submissions of a mailbox the same letter. A program whose submission took so long that it gave up sends it again, to the
 * byte; what has no Message-ID (a device that reports the same every hour) is a letter of its own each time.
 */
function submissionKey(transaction: Transaction, id: string | null, submitted: Buffer): Buffer | null {
  if (id === null) return null;
  const envelope = [transaction.sender, ...transaction.recipients.map(({ text }) => text).sort(), id, ''].join('\n');
  return createHash('sha256').update(envelope).update(submitted).digest();
}

/** Not by a program (RFC 3834 section 5), nor by a press of a button in the webmail. */
const isWrittenByHand = (header: MessageHeader): boolean =>
  header.named(byButton.name.toLowerCase()).length === 0 &&
  header.named('auto-submitted').every((field) => /^\s*no\s*(?:;|$)/i.test(header.value(field)));

/** RFC 8689 section 3: one field, whose only value is "No". */
function isTlsOptional(header: MessageHeader): boolean {
  const [field, ...more] = header.named('tls-required');
  return field !== undefined && more.length === 0 && /^\s*no\s*$/i.test(header.value(field));
}

interface Determined {
  author: string | null;
  acceptKey: Buffer;
  tlsOptional: boolean;
}

function queued(transaction: Transaction, principal: Principal, content: Buffer, { author, acceptKey, tlsOptional }: Determined) {
  const seen = new Set<string>();
  const recipients = transaction.recipients.filter(({ text }) => !seen.has(text) && seen.add(text));
  return {
    customerId: principal.customerId,
    accountId: principal.accountId,
    sender: transaction.sender,
    locale: principal.locale,
    content,
    smtputf8: transaction.smtputf8,
    requireTls: transaction.requireTls,
    // who asked for REQUIRETLS is taken at his word there (RFC 8689 section 3)
    tlsOptional: tlsOptional && !transaction.requireTls,
    dsnReturn: transaction.dsnReturn,
    dsnEnvelope: transaction.dsnEnvelope,
    acceptKey,
    provenance: { origin: 'submitted' as const, author, judgement: null, submittedBy: principal.accountId },
    recipients: recipients.map(({ text, domain, notify, originalRecipient }) => ({
      address: text,
      domain,
      dsnNotify: notify,
      dsnOriginal: originalRecipient,
    })),
  };
}

function traceField(session: SmtpContext, transaction: Transaction, at: Date): string {
  const [only, ...others] = transaction.recipients;
  return receivedField(
    {
      hostName: session.services.settings.hostName,
      greetedAs: submitterName(session.greetedAs, session.remoteAddress),
      remoteAddress: null,
      extended: session.extended,
      lmtp: false,
      encryption: session.encryption,
      authenticated: true,
      smtputf8: transaction.smtputf8,
      id: session.id,
      recipient: only && others.length === 0 ? only.text : null,
    },
    at,
  );
}

function submittedSteps(
  session: SmtpContext,
  message: ReturnType<typeof queued>,
  messageRef: string | null,
  recipient: string,
  queueId: number,
  releaseAt: Date | null,
): TraceEvent[] {
  const submitted: TraceEvent = {
    step: 'submitted',
    customerId: message.customerId,
    accountId: message.accountId,
    queueId,
    sender: message.sender,
    recipient,
    messageRef,
    status: '2.0.0',
    detail: null,
    remote: session.remoteAddress,
  };
  return releaseAt ? [submitted, { ...submitted, step: 'held', detail: `until ${releaseAt.toISOString()}` }] : [submitted];
}
