import { parseEnvelopePath } from '../../../lib/addresses/envelope-path.ts';
import { isPublicDomain } from '../../../lib/addresses/foreign-domain.ts';
import type { CustomerId } from '../../../lib/db/ids.ts';
import { automaticMessage } from '../../store/queue/automatic-message.ts';
import type { NewQueueMessage } from '../../store/queue/queue-store.ts';

/**
 * A report as it goes into the queue: null sender, so that it is never reported on itself. Null if the sender's address leads nowhere.
 */
export function reportMessage(sender: string, customerId: CustomerId | null, locale: string, content: Buffer): NewQueueMessage | null {
  const domain = parseEnvelopePath(sender)?.domain;
  // the client for other hosts cannot say angle brackets in quotes
  if (!domain || !isPublicDomain(domain) || /[<>]/.test(sender)) return null;
  return automaticMessage(sender, { customerId, locale, content });
}
