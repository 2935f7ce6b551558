import type { CustomerId } from '../../../lib/db/ids.ts';
import { displayAddress } from '../../../lib/addresses/email-address.ts';
import type { NewQueueMessage } from '../../store/queue/queue-store.ts';
import { writeDeliveryReport } from './delivery-report.ts';
import { reportMessage } from './report-message.ts';

export interface ConfirmedMessage {
  sender: string;
  customerId: CustomerId | null;
  locale: string;
  content: Buffer;
  arrivedAt: Date;
  dsnEnvelope: string | null;
  /** relayed: to a host that does not confirm itself */
  recipients: readonly { address: string; originalRecipient: string | null; action: 'delivered' | 'relayed' }[];
}

/** The confirmation that a sender asked for with NOTIFY=SUCCESS (RFC 3461). Null when there is nobody to tell. */
export function successReport(hostName: string, message: ConfirmedMessage, at: Date, unique?: string): NewQueueMessage | null {
  const addresses = message.recipients.map(({ address }) => `  ${displayAddress(address)}`);
  const relayed = message.recipients.every(({ action }) => action === 'relayed');
  const text = [
    relayed
      ? 'Ihre Nachricht wurde an den Mailserver des Empfängers übergeben. Ob sie das Postfach erreicht hat, meldet dieser nicht.'
      : 'Ihre Nachricht wurde zugestellt.',
    '',
    ...addresses,
    '',
    '----',
    '',
    relayed
      ? 'Your message was handed to the recipient’s mail server, which does not tell whether it reached the mailbox.'
      : 'Your message was delivered.',
    '',
    ...addresses,
    '',
  ].join('\r\n');
  const content = writeDeliveryReport({
    hostName,
    to: message.sender,
    subject: relayed ? 'Nachricht uebergeben - Message relayed' : 'Nachricht zugestellt - Message delivered',
    text,
    original: message.content,
    whole: false,
    dsnEnvelope: message.dsnEnvelope,
    arrivedAt: message.arrivedAt,
    at,
    recipients: message.recipients.map(({ address, originalRecipient, action }) => ({
      address,
      originalRecipient,
      action,
      status: action === 'delivered' ? '2.1.5' : '2.0.0',
      reply: null,
      remote: null,
      lastAttemptAt: at,
      retryUntil: null,
    })),
    ...(unique ? { unique } : {}),
  });
  return reportMessage(message.sender, message.customerId, message.locale, content);
}
