import { setTimeout as sleep } from 'node:timers/promises';
import { domainOf } from '../../lib/addresses/email-address.ts';
import { MessageHeader } from '../../lib/mime/read-header.ts';
import { DeliveryKeyring, sha256 } from '../delivery/idempotency.ts';
import { messageId } from '../delivery/message-id.ts';
import { logStep } from '../delivery/note-step.ts';
import { signMessage } from '../delivery/sign-message.ts';
import { receivedField } from '../delivery/trace-header.ts';
import { bellOf } from '../queue/queue-bell.ts';
import { forgetAcceptKey } from '../store/queue-store.ts';
import { enqueueSubmission, type Submitted } from '../store/submission-store.ts';
import type { TraceEvent } from '../store/trace-store.ts';
import type { Principal } from '../auth/types.ts';
import { tooMany } from './check-submission.ts';
import { parseMailPath } from './parse-path.ts';
import { prepareSubmission } from './prepare-submission.ts';
import type { Transaction, Verdict } from './profile.ts';
import { checkHeader } from './check-header.ts';
import { isProved, mayAllSpeak } from './check-speakers.ts';
import { needsLogin, reply, type Reply } from './reply.ts';
import type { SmtpSession } from './session.ts';

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
export async function acceptSubmission(session: SmtpSession, secret: string, transaction: Transaction, received: Buffer): Promise<Verdict> {
  const { services, principal } = session;
  if (!principal) return refusal(needsLogin);
  const header = checkHeader(received, services.settings.headerBytes);
  if (!(header instanceof MessageHeader)) return refusal(header);
  const at = new Date();
  const own = await services.directory.senderAddresses(principal.accountId);
  const { hostName, sendPerHour } = services.settings;
  const address = parseMailPath(transaction.sender)?.address ?? principal.address;
  const prepared = prepareSubmission(received, header, { address, name: principal.name, own, hostName }, at);
  if (prepared === 'foreign-author') return refusal(foreignAuthor);
  if (prepared === 'no-author') return refusal(noAuthor);
  const objection = await mayAllSpeak(services, principal, prepared, transaction.recipients);
  if (objection) return refusal(objection === 'foreign-author' ? foreignAuthor : objection);
  const author = prepared.author && (await isProved(services, domainOf(prepared.author))) ? prepared.author : null;
  const signature = await signMessage(services, secret, prepared.content, domainOf(prepared.signer));
  const content = Buffer.concat([Buffer.from(signature + traceField(session, transaction, at)), prepared.content]);
  const envelope = [transaction.sender, ...transaction.recipients.map(({ text }) => text)].join('\n');
  const { key, settle } = keyring.take(principal.accountId, envelope, await sha256(received));
  try {
    const message = queued(transaction, principal, content, author, key);
    const messageRef = messageId(content);
    const trace = (queueId: number) => message.recipients.map((each) => submittedStep(session, message, messageRef, each.address, queueId));
    const submitted = await enqueueOnce(() => enqueueSubmission(services.database, message, sendPerHour, trace));
    if (submitted.kind === 'too-many') {
      settle(false);
      return refusal(tooMany(sendPerHour));
    }
    const queueId = submitted.kind === 'queued' ? submitted.queueId : null;
    if (queueId !== null) for (const step of trace(queueId)) logStep(services.log, step, session.id);
    services.metrics.messages.inc({ way: session.profile.service });
    bellOf(services.database).ring();
    return {
      replies: [reply(250, '2.0.0', `Angenommen - queued${queueId === null ? '' : ` as ${queueId}`}`)],
      settle: (answered) => {
        settle(answered);
        if (!answered || queueId === null) return;
        forgetAcceptKey(services.database, queueId).catch((error: unknown) => services.log.warn({ err: error }, 'an accept key stays'));
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

function queued(transaction: Transaction, principal: Principal, content: Buffer, author: string | null, acceptKey: Buffer) {
  const seen = new Set<string>();
  const recipients = transaction.recipients.filter(({ text }) => !seen.has(text) && seen.add(text));
  return {
    customerId: principal.customerId,
    accountId: principal.accountId,
    sender: transaction.sender,
    locale: principal.locale,
    content,
    smtputf8: transaction.smtputf8,
    dsnReturn: transaction.dsnReturn,
    dsnEnvelope: transaction.dsnEnvelope,
    acceptKey,
    provenance: { origin: 'submitted' as const, author, judgement: null, submittedBy: principal.accountId },
    recipients: recipients.map(({ text, address, notify, originalRecipient }) => ({
      address: text,
      domain: domainOf(address),
      dsnNotify: notify,
      dsnOriginal: originalRecipient,
    })),
  };
}

function traceField(session: SmtpSession, transaction: Transaction, at: Date): string {
  const [only, ...others] = transaction.recipients;
  return receivedField(
    {
      hostName: session.services.settings.hostName,
      greetedAs: session.greetedAs,
      remoteAddress: session.remoteAddress,
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

function submittedStep(
  session: SmtpSession,
  message: ReturnType<typeof queued>,
  messageRef: string | null,
  recipient: string,
  queueId: number,
): TraceEvent {
  return {
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
}
