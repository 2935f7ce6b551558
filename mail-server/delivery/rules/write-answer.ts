import { randomUUID } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { headerEnd, MessageHeader, withoutFields } from '../../../lib/mime/read-header.ts';
import type { Notify, Reject, Vacation } from '../../sieve/run/actions.ts';
import { mailDate } from '../trace-header.ts';
import type { AnswerAuthor } from './answer-author.ts';
import type { MailboxRules } from './mailbox-rules.ts';
import { refusalLine } from './refusal-line.ts';

interface About {
  rules: MailboxRules;
  /** the letter that is answered */
  raw: Buffer;
  hostName: string;
  at: Date;
}

const build = (mail: ConstructorParameters<typeof MailComposer>[0]): Promise<Buffer> =>
  new MailComposer({ ...mail, disableFileAccess: true, disableUrlAccess: true, newline: '\r\n' }).compile().build();

/** The answer of an absence note or of `vacation` (RFC 3834, RFC 5230 section 5). */
export async function writeVacation(
  answer: Vacation & { absence?: boolean },
  author: AnswerAuthor,
  { rules, raw, hostName, at }: About,
): Promise<Buffer> {
  const header = new MessageHeader(raw);
  const subject = textOf(header, 'subject');
  const german = rules.locale.startsWith('de');
  const automatic = answer.absence ? (german ? 'Automatische Antwort: ' : 'Automatic reply: ') : 'Auto: ';
  const messageId = idOf(header, 'message-id');
  const head = {
    from: author.name === '' ? author.address : { name: author.name, address: author.address },
    to: answer.to,
    subject: answer.subject ?? `${automatic}${subject}`.trim(),
    date: at,
    messageId: `<${randomUUID()}@${hostName}>`,
    ...(messageId === '' ? {} : { inReplyTo: messageId, references: `${idsOf(header)} ${messageId}`.trim() }),
    headers: { 'Auto-Submitted': 'auto-replied (vacation)', Precedence: 'bulk', 'X-Auto-Response-Suppress': 'All' },
  };
  if (!answer.mime) return build({ ...head, text: answer.reason });
  // the script brings a MIME entity of its own (RFC 5230 section 4.3)
  const empty = await build({ ...head, text: '' });
  const kept = empty.toString('latin1').split('\r\n\r\n')[0] ?? '';
  const top = kept
    .split(/\r\n(?![ \t])/)
    .filter((line) => !/^content-/i.test(line))
    .join('\r\n');
  return Buffer.concat([Buffer.from(`${top}\r\n`), onlyEntity(Buffer.from(answer.reason.replace(/\r?\n/g, '\r\n')))]);
}

/** What a script brings says what kind of text it is, and nothing of who writes it to whom (RFC 5230 section 4.3: MIME header fields). */
function onlyEntity(entity: Buffer): Buffer {
  const header = new MessageHeader(entity);
  const isOver = headerEnd(entity) < entity.length;
  const others = header.fields.filter(({ key }) => !key.startsWith('content-'));
  return Buffer.concat([withoutFields(entity, others), Buffer.from(isOver ? '' : '\r\n\r\n')]);
}

/** A notification by mail (RFC 5436). */
export function writeNotification(notify: Notify, author: AnswerAuthor, { rules, raw, hostName, at }: About): Promise<Buffer> {
  const header = new MessageHeader(raw);
  const subject = notify.subject ?? textOf(header, 'subject');
  const importance = { 1: 'high', 2: 'normal', 3: 'low' } as const;
  return build({
    from: notify.from === null || author.name === '' ? author.address : { name: author.name, address: author.address },
    to: notify.recipients.filter(({ field }) => field === 'To').map(({ address }) => address),
    cc: notify.recipients.filter(({ field }) => field === 'Cc').map(({ address }) => address),
    subject,
    date: at,
    messageId: `<${randomUUID()}@${hostName}>`,
    priority: importance[notify.importance],
    text: notify.body ?? `${textOf(header, 'from')}\n${textOf(header, 'subject')}\n`,
    headers: [
      { key: 'Auto-Submitted', value: `auto-notified; owner-email="${rules.address}"` },
      ...notify.headers.filter(({ name }) => !isReserved(name.toLowerCase())).map(({ name, value }) => ({ key: name, value })),
    ],
  });
}

/** What this host writes itself, what only hosts write that receive, or what would make another letter of it. */
const isReserved = (name: string): boolean => reserved.has(name) || /^(?:content|resent|arc)-/.test(name);

const reserved = new Set([
  'authentication-results',
  'auto-submitted',
  'from',
  'received-spf',
  'sender',
  'to',
  'cc',
  'bcc',
  'subject',
  'date',
  'message-id',
  'received',
  'return-path',
  'mime-version',
  'delivered-to',
  'dkim-signature',
  'in-reply-to',
  'references',
]);

/**
 * A refusal for a letter that was taken already, as a message to its sender: of `ereject` a DSN (RFC 5429 section 2.1.2), of `reject` an MDN (2.2.1).
 * With the letter's header, or as a `whole`: nobody else has it then.
 */
export function writeRefusal(reject: Reject, to: string, { rules, raw, hostName, at }: About, whole: boolean): Buffer {
  const header = new MessageHeader(raw);
  const boundary = `refused-${randomUUID()}`;
  const encode = (text: string): string =>
    Buffer.from(text.replace(/\r?\n/g, '\r\n'))
      .toString('base64')
      .replace(/.{76}(?=.)/g, '$&\r\n');
  const text = `${reject.reason}\n\n--\nDiese Nachricht wurde von den Regeln des Empfängers abgelehnt.\nThe recipient's rules refused this message.\n`;
  const messageId = idOf(header, 'message-id');
  const head = header.block.replace(/[^\x20-\x7e\r\n\t]/g, '?').slice(0, 60_000);
  const recipient = `Final-Recipient: rfc822; ${rules.address}`;
  const failed = ['Action: failed', 'Status: 5.7.1', `Diagnostic-Code: smtp; 550 5.7.1 ${refusalLine(reject.reason)}`];
  const original = messageId === '' ? [] : [`Original-Message-ID: ${messageId}`];
  const deleted = 'Disposition: automatic-action/MDN-sent-automatically; deleted';
  const [type, status] = reject.inProtocol
    ? ['delivery-status', [`Reporting-MTA: dns; ${hostName}`, '', recipient, ...failed]]
    : ['disposition-notification', [`Reporting-UA: ${hostName}; Postamt`, recipient, ...original, deleted]];
  const returned = whole
    ? [`Content-Type: message/${/[^\0-\x7f]/.test(header.block) ? 'global' : 'rfc822'}`, 'Content-Transfer-Encoding: 8bit', '', '']
    : ['Content-Type: text/rfc822-headers', '', head];
  const answer = [
    `From: <MAILER-DAEMON@${hostName}>`,
    `To: <${to}>`,
    'Subject: Nachricht abgelehnt - Message refused',
    `Date: ${mailDate(at)}`,
    `Message-ID: <${randomUUID()}@${hostName}>`,
    ...(messageId === '' ? [] : [`In-Reply-To: ${messageId}`]),
    'Auto-Submitted: auto-replied (rejected)',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${type}; boundary="${boundary}"`,
    ...(whole ? ['Content-Transfer-Encoding: 8bit'] : []),
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    encode(text),
    `--${boundary}`,
    `Content-Type: message/${type}`,
    '',
    ...status,
    '',
    `--${boundary}`,
    ...returned,
  ].join('\r\n');
  return Buffer.concat([Buffer.from(answer), whole ? raw : nothing, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}

const nothing = Buffer.alloc(0);

function textOf(header: MessageHeader, key: string): string {
  const field = header.last(key);
  return field ? header.shown(field).slice(0, 500) : '';
}

function idOf(header: MessageHeader, key: string): string {
  const field = header.last(key);
  return (field && /^<[^<>\s]{1,900}>$/.exec(header.value(field).trim())?.[0]) ?? '';
}

/** The references that an answer continues, as many as a line of a header should hold. */
function idsOf(header: MessageHeader): string {
  const field = header.last('references');
  const ids = field
    ? (header
        .value(field)
        .slice(-8000)
        .match(/<[^<>\s]{1,200}>/g) ?? [])
    : [];
  return ids.slice(-10).join(' ');
}
