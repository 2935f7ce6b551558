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
  /** relayed: to a host that does not confirm itself; expanded: to the several recipients behind an address; waiting: delivered to a group, for its moderators */
  recipients: readonly { address: string; originalRecipient: string | null; action: Confirmation }[];
}

export type Confirmation = keyof typeof words;

const words = {
  delivered: {
    subject: 'Nachricht zugestellt - Message delivered',
    german: 'Ihre Nachricht wurde zugestellt.',
    english: 'Your message was delivered.',
  },
  waiting: {
    subject: 'Nachricht zugestellt - Message delivered',
    german: 'Ihre Nachricht ist bei der Gruppe angekommen und wartet dort auf Freigabe. Eine weitere Bestätigung kommt nicht.',
    english: 'Your message has reached the group and waits there for approval. There will be no further confirmation.',
  },
  expanded: {
    subject: 'Nachricht weitergegeben - Message passed on',
    german: 'Ihre Nachricht ging an alle, zu denen die Adresse führt. Eine weitere Bestätigung kommt nicht.',
    english: 'Your message went to everybody the address leads to. There will be no further confirmation.',
  },
  relayed: {
    subject: 'Nachricht uebergeben - Message relayed',
    german: 'Ihre Nachricht wurde an den Mailserver des Empfängers übergeben. Ob sie das Postfach erreicht hat, meldet dieser nicht.',
    english: 'Your message was handed to the recipient’s mail server, which does not tell whether it reached the mailbox.',
  },
};

/** The confirmation that a sender asked for with NOTIFY=SUCCESS (RFC 3461). Null when there is nobody to tell. */
export function successReport(hostName: string, message: ConfirmedMessage, at: Date, unique?: string): NewQueueMessage | null {
  const actions = (['delivered', 'waiting', 'expanded', 'relayed'] as const).filter((each) =>
    message.recipients.some(({ action }) => action === each),
  );
  const said = (language: 'german' | 'english'): string[] =>
    actions.flatMap((each) => [
      words[each][language],
      '',
      ...message.recipients.filter(({ action }) => action === each).map(({ address }) => `  ${displayAddress(address)}`),
      '',
    ]);
  const text = [...said('german'), '----', '', ...said('english')].join('\r\n');
  const content = writeDeliveryReport({
    hostName,
    to: message.sender,
    subject: words[actions[0] ?? 'delivered'].subject,
    text,
    original: message.content,
    whole: false,
    dsnEnvelope: message.dsnEnvelope,
    arrivedAt: message.arrivedAt,
    at,
    recipients: message.recipients.map(({ address, originalRecipient, action }) => ({
      address,
      originalRecipient,
      // RFC 3461 section 5.2.7.1: what lies in the incoming mail of a list is delivered, whatever becomes of it
      action: action === 'waiting' ? 'delivered' : action,
      status: action === 'delivered' || action === 'waiting' ? '2.1.5' : '2.0.0',
      reply: null,
      remote: null,
      lastAttemptAt: at,
      retryUntil: null,
    })),
    ...(unique ? { unique } : {}),
  });
  return reportMessage(message.sender, message.customerId, message.locale, content);
}
