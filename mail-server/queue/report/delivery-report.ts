import { randomUUID } from 'node:crypto';
import { encode, wrap } from 'nodemailer/lib/qp';
import { headerEnd } from '../../../lib/mime/read-header.ts';
import { foldLongLines } from '../../delivery/signing/fold-long-lines.ts';
import { isSevenBit, longestLine } from '../../delivery/signing/to-seven-bit.ts';
import { mailDate } from '../../delivery/trace-header.ts';
import { asciiAddress } from '../xtext.ts';

export type Action = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

export interface ReportedRecipient {
  address: string;
  originalRecipient: string | null;
  action: Action;
  /** RFC 3463 */
  status: string;
  /** what the other host said, or null */
  reply: string | null;
  remote: string | null;
  lastAttemptAt: Date;
  /** until when a delayed message is tried, or null */
  retryUntil: Date | null;
}

export interface DeliveryReport {
  hostName: string;
  /** who gets the report */
  to: string;
  subject: string;
  /** for people, German and English */
  text: string;
  original: Buffer;
  /** attach the whole message, or its header alone */
  whole: boolean;
  dsnEnvelope: string | null;
  arrivedAt: Date;
  at: Date;
  recipients: readonly ReportedRecipient[];
  /** random parts, given by tests */
  unique?: string;
}

/**
 * A delivery status notification (RFC 3464): multipart/report with a part for people, one for machines and the message or its header.
 * Written by hand, not composed: the returned message must stay byte for byte what it was.
 */
export function writeDeliveryReport(report: DeliveryReport): Buffer {
  const unique = report.unique ?? randomUUID();
  const boundary = `=_report_${unique}`;
  const bodyAt = headerEnd(report.original);
  const returned = report.whole ? report.original : report.original.subarray(0, bodyAt);
  const encoding = isSevenBit(returned) ? '7bit' : '8bit';
  const international = report.recipients.some((recipient) => !isAscii(recipient.address));
  const returnedType = report.whole
    ? encoding === '8bit' && !isSevenBit(report.original.subarray(0, bodyAt))
      ? 'message/global'
      : 'message/rfc822'
    : headerType(encoding);
  const head = [
    `From: Postamt Mail Delivery System <mailer-daemon@${report.hostName}>`,
    `To: <${report.to}>`,
    `Subject: ${report.subject}`,
    `Date: ${mailDate(report.at)}`,
    `Message-ID: <${unique}@${report.hostName}>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    `\tboundary="${boundary}"`,
    ...(encoding === '8bit' || international ? ['Content-Transfer-Encoding: 8bit'] : []),
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    'Content-Description: Notification',
    '',
    wrap(encode(report.text)),
    '',
    `--${boundary}`,
    `Content-Type: message/${international ? 'global-' : ''}delivery-status`,
    ...(international ? ['Content-Transfer-Encoding: 8bit'] : []),
    'Content-Description: Delivery report',
    '',
    ...machinePart(report),
    `--${boundary}`,
    `Content-Type: ${returnedType}`,
    `Content-Transfer-Encoding: ${encoding}`,
    `Content-Description: ${report.whole ? 'Undelivered message' : 'Header of the message'}`,
    '',
    '',
  ];
  const end = `${endsWithLine(returned) ? '' : '\r\n'}\r\n--${boundary}--\r\n`;
  return Buffer.concat([foldLongLines(Buffer.from(head.join('\r\n')), longestLine), returned, Buffer.from(end)]);
}

function machinePart(report: DeliveryReport): string[] {
  const lines = [`Reporting-MTA: dns; ${report.hostName}`];
  if (report.dsnEnvelope) lines.push(`Original-Envelope-Id: ${oneLine(report.dsnEnvelope)}`);
  lines.push(`Arrival-Date: ${mailDate(report.arrivedAt)}`, '');
  for (const recipient of report.recipients) {
    if (recipient.originalRecipient) lines.push(`Original-Recipient: ${originalRecipient(recipient.originalRecipient)}`);
    lines.push(`Final-Recipient: ${isAscii(recipient.address) ? 'rfc822' : 'utf-8'}; ${recipient.address}`);
    lines.push(`Action: ${recipient.action}`, `Status: ${recipient.status}`);
    if (recipient.remote) lines.push(`Remote-MTA: dns; ${oneLine(recipient.remote)}`);
    // RFC 3464 section 2.3.6: "smtp" is for what another host said, not for what we found ourselves
    if (recipient.reply) lines.push(`Diagnostic-Code: ${recipient.remote ? 'smtp' : 'X-Postamt'}; ${oneLine(recipient.reply)}`);
    lines.push(`Last-Attempt-Date: ${mailDate(recipient.lastAttemptAt)}`);
    if (recipient.retryUntil) lines.push(`Will-Retry-Until: ${mailDate(recipient.retryUntil)}`);
    lines.push('');
  }
  return lines;
}

/** In ASCII, which RFC 6533 section 3 allows in a report of either kind: whether the recipient is international says nothing of whom he was before. */
function originalRecipient(original: string): string {
  const [type, address] = [original.slice(0, original.indexOf(';')), original.slice(original.indexOf(';') + 1)];
  return `${type}; ${type.toLowerCase() === 'utf-8' ? asciiAddress(address) : address}`;
}

const headerType = (encoding: string): string => (encoding === '8bit' ? 'message/global-headers' : 'text/rfc822-headers');
const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
const oneLine = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();
const endsWithLine = (bytes: Buffer): boolean => bytes.length === 0 || bytes.at(-1) === 10;
