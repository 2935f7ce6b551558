import type { EmailAddress } from '../../lib/addresses/email-address.ts';
import type { CustomerId } from '../../lib/db/ids.ts';
import { expandAddress } from '../delivery/expand-address.ts';
import { readQueuedContent, readQueuedProvenance, type NewQueueMessage, type QueuedRecipient } from '../store/queue-store.ts';
import { deferred, failed, said, type Outcome } from './outcome.ts';
import type { QueueContext } from './queue-context.ts';

/** A recipient whose address is ours and leads elsewhere: a forward, a group, a catch-all. */
export interface ExpandedRecipient {
  recipient: QueuedRecipient;
  address: EmailAddress;
  customerId: CustomerId;
}

type Context = Pick<QueueContext, 'services' | 'conclude'>;

/**
 * Makes of a message what it becomes behind addresses of ours that lead elsewhere. What it becomes is queued in the transaction that ends
 * its own waiting, so that a crash before or after neither loses a copy nor makes two.
 */
export async function deliverOnward(context: Context, messageId: number, onward: readonly ExpandedRecipient[]): Promise<void> {
  const { services } = context;
  for (const each of onward) {
    const { outcome, messages, content } = await expand(context, messageId, each).catch((error: unknown) => {
      services.log.warn({ err: error, queueId: messageId }, 'an address could not be followed');
      return { outcome: deferred('4.3.0', '451 4.3.0 The directory does not answer'), messages: [], content: null };
    });
    await context.conclude([each.recipient], [outcome], content, { becomes: messages });
  }
}

async function expand(
  { services }: Context,
  messageId: number,
  { recipient, address, customerId }: ExpandedRecipient,
): Promise<{ outcome: Outcome; messages: NewQueueMessage[]; content: Buffer | null }> {
  const content = await readQueuedContent(services.database, messageId);
  if (!content) return { outcome: deferred('4.3.0', '451 4.3.0 The message could not be read'), messages: [], content };
  const { sender, smtputf8, locale, reports } = recipient;
  const provenance = await readQueuedProvenance(services.database, messageId);
  const letter = { address, content, sender, smtputf8, locale, provenance, reports, customerId };
  const expansion = await expandAddress(services, services.secret, letter);
  if (expansion.kind === 'refused') {
    const words = 'An diese Gruppe duerfen Sie nicht schreiben - you are not allowed to post to this group';
    return { outcome: failed('5.7.2', `550 5.7.2 ${words}`), messages: [], content };
  }
  if (expansion.kind === 'nowhere') {
    const outcome = expansion.circle
      ? failed('5.4.6', '554 5.4.6 Nachricht laeuft im Kreis - mail loop detected')
      : failed('5.1.1', '550 5.1.1 Adresse unbekannt - address unknown');
    return { outcome, messages: [], content };
  }
  return {
    outcome: { kind: 'delivered', way: 'relayed', confirms: true, result: said('2.1.5', 'Weitergeleitet - passed on') },
    messages: expansion.messages,
    content,
  };
}
