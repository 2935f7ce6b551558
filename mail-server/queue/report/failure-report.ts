import type { CustomerId } from '../../../lib/db/ids.ts';
import { displayAddress } from '../../../lib/addresses/email-address.ts';
import { MessageHeader } from '../../../lib/mime/read-header.ts';
import type { NewQueueMessage } from '../../store/queue/queue-store.ts';
import { writeDeliveryReport, type ReportedRecipient } from './delivery-report.ts';
import { reasonFor } from './reasons.ts';
import { reportMessage } from './report-message.ts';

export interface ReportedMessage {
  sender: string;
  customerId: CustomerId | null;
  locale: string;
  content: Buffer;
  arrivedAt: Date;
  dsnReturn: 'FULL' | 'HDRS' | null;
  dsnEnvelope: string | null;
}

/** A message beyond it is returned as its header, unless the sender asked for all of it (RET=FULL). */
const wholeBytes = 100 * 1024;

/** not-forwarded, paused: to whoever is responsible for a forward, who has not written the letter */
export type ReportKind = 'failed' | 'delayed' | 'not-forwarded' | 'paused';

const subjects: Record<ReportKind, string> = {
  failed: 'Nicht zugestellt - Undelivered mail',
  delayed: 'Zustellung dauert noch - Delayed mail',
  'not-forwarded': 'Nicht weitergeleitet - Not forwarded',
  paused: 'Weiterleitung ruht - Forward paused',
};

/**
 * Tells a sender that his message could not be delivered, or (delayed) that it is still being tried. Null when there is nobody to tell:
 * mail with the null sender is never answered (RFC 5321 section 4.5.5).
 */
export function failureReport(
  hostName: string,
  kind: ReportKind,
  message: ReportedMessage,
  recipients: readonly ReportedRecipient[],
  at: Date,
  unique?: string,
): NewQueueMessage | null {
  const isShort = message.content.length <= wholeBytes;
  const whole = kind !== 'delayed' && (message.dsnReturn === 'FULL' || (message.dsnReturn === null && isShort));
  const content = writeDeliveryReport({
    hostName,
    to: message.sender,
    subject: subjects[kind],
    text: kind === 'delayed' ? delayedText(message, recipients) : failedText(kind, message, recipients),
    original: message.content,
    whole,
    dsnEnvelope: message.dsnEnvelope,
    arrivedAt: message.arrivedAt,
    at,
    recipients,
    ...(unique ? { unique } : {}),
  });
  return reportMessage(message.sender, message.customerId, message.locale, content);
}

const notForwarded = {
  german: [
    'Eine Nachricht konnte nicht weitergeleitet werden. Sie erfahren davon, weil Sie für die Weiterleitung',
    'zuständig sind; wer die Nachricht geschrieben hat, hört nichts.',
  ],
  english: [
    'A message could not be forwarded. You are told because the forward is in your care; whoever wrote the',
    'message hears nothing of it.',
  ],
};
const beginnings: Record<Exclude<ReportKind, 'delayed'>, { german: readonly string[]; english: readonly string[] }> = {
  failed: { german: ['Ihre Nachricht konnte nicht zugestellt werden.'], english: ['Your message could not be delivered.'] },
  'not-forwarded': notForwarded,
  paused: {
    german: [
      ...notForwarded.german,
      '',
      'Das geht seit einer Woche so. Die Weiterleitung ruht ab jetzt, bis Sie sie wieder aufnehmen: dort, wo sie',
      'eingerichtet ist.',
    ],
    english: [
      ...notForwarded.english,
      '',
      'It has been so for a week. The forward is paused from now on, until you resume it where it was set.',
    ],
  },
};

function failedText(kind: Exclude<ReportKind, 'delayed'>, message: ReportedMessage, recipients: readonly ReportedRecipient[]): string {
  return lines(
    ...beginnings[kind].german,
    ...aboutMessage(message, 'german'),
    ...each(recipients, 'german'),
    'Mit freundlichen Grüßen',
    'Ihr Postamt',
    '',
    '----',
    '',
    ...beginnings[kind].english,
    ...aboutMessage(message, 'english'),
    ...each(recipients, 'english'),
    'With kind regards',
    'Postamt, the mail delivery system',
  );
}

function delayedText(message: ReportedMessage, recipients: readonly ReportedRecipient[]): string {
  const until = recipients[0]?.retryUntil ?? null;
  return lines(
    'Ihre Nachricht konnte noch nicht zugestellt werden. Sie müssen nichts tun: Wir versuchen es weiter',
    until
      ? `bis ${dateIn('de-AT', until)} und geben Ihnen Bescheid, falls es nicht gelingt.`
      : 'und geben Ihnen Bescheid, falls es nicht gelingt.',
    ...aboutMessage(message, 'german'),
    ...each(recipients, 'german'),
    '----',
    '',
    'Your message has not been delivered yet. There is nothing you need to do: we keep trying',
    until ? `until ${dateIn('en-GB', until)} and will tell you if it does not succeed.` : 'and will tell you if it does not succeed.',
    ...aboutMessage(message, 'english'),
    ...each(recipients, 'english'),
  );
}

function aboutMessage(message: ReportedMessage, language: 'german' | 'english'): string[] {
  const header = new MessageHeader(message.content);
  const field = header.last('subject');
  const subject = field ? header.shown(field).slice(0, 200) : '';
  if (subject === '') return [''];
  const date = (locale: string) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(message.arrivedAt);
  return ['', language === 'german' ? `Betreff: ${subject} (vom ${date('de-AT')})` : `Subject: ${subject} (of ${date('en-GB')})`, ''];
}

const labels = {
  german: { reply: 'Antwort der Gegenseite', detail: 'Technisch genau' },
  english: { reply: 'Reply of the other host', detail: 'In technical terms' },
} as const;

function each(recipients: readonly ReportedRecipient[], language: 'german' | 'english'): string[] {
  return recipients.flatMap(({ address, status, reply, remote }) => {
    const domain = displayAddress(address).slice(displayAddress(address).lastIndexOf('@') + 1);
    const reason = reasonFor({ address: displayAddress(address), domain, status, reply: reply ?? '' })[language];
    const label = remote ? `${labels[language].reply} (${remote.replace(/\s+/g, ' ')})` : labels[language].detail;
    const said = reply ? [`  ${label}:`, `  ${asRead(reply)}`] : [];
    return [`${displayAddress(address)}:`, `  ${reason}`, ...said, ''];
  });
}

/** In one line, with the codes once where each line repeats them; word for word it stands in the part for programs. */
function asRead(reply: string): string {
  const [, code, status = ''] = /^(\d{3})-(\d\.\d{1,3}\.\d{1,3} )?/.exec(reply) ?? [];
  const repeated = new RegExp(`\\n${code}[ -](?:${status.replaceAll('.', '\\.')})?`, 'g');
  return (code ? `${code} ${reply.slice(4).replace(repeated, ' ')}` : reply).replace(/\s+/g, ' ');
}

const dateIn = (locale: string, date: Date): string =>
  `${new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(date)} UTC`;

const lines = (...parts: string[]): string => `${parts.join('\r\n')}\r\n`;
