import { parseEmailAddress } from '../../lib/addresses/email-address.ts';
import type { Services } from '../services.ts';
import type { QueuedRecipient } from '../store/queue-store.ts';
import type { ExpandedRecipient } from './deliver-onward.ts';
import type { LocalRecipient } from './deliver-locally.ts';
import { deferred, failed, type Outcome } from './outcome.ts';

export interface Sorted {
  remote: QueuedRecipient[];
  /** by message */
  local: Map<number, LocalRecipient[]>;
  /** addresses of ours that lead elsewhere, by message */
  onward: Map<number, ExpandedRecipient[]>;
  /** for whom it is said already what becomes of them */
  settled: [QueuedRecipient, Outcome][];
}

export async function sortByPlace(services: Services, recipients: readonly QueuedRecipient[]): Promise<Sorted> {
  const places = await Promise.all(recipients.map(async (recipient) => [recipient, await placeOf(services, recipient)] as const));
  const sorted: Sorted = { remote: [], local: new Map(), onward: new Map(), settled: [] };
  for (const [recipient, place] of places) {
    if (place === 'remote') sorted.remote.push(recipient);
    else if ('account' in place) {
      const locals = sorted.local.get(recipient.messageId) ?? [];
      locals.push({ recipient, ...place });
      sorted.local.set(recipient.messageId, locals);
    } else if ('address' in place) {
      const onward = sorted.onward.get(recipient.messageId) ?? [];
      onward.push({ recipient, ...place });
      sorted.onward.set(recipient.messageId, onward);
    } else sorted.settled.push([recipient, place]);
  }
  return sorted;
}

/**
 * Ours, elsewhere, or nowhere. A domain that somebody entered but never proved to own is not ours for other customers' mail: it still
 * goes where the DNS says.
 */
async function placeOf(
  services: Services,
  recipient: QueuedRecipient,
): Promise<Omit<LocalRecipient, 'recipient'> | Omit<ExpandedRecipient, 'recipient'> | 'remote' | Outcome> {
  const address = parseEmailAddress(recipient.address);
  if (!address) return 'remote';
  try {
    const found = await services.directory.recipient(address);
    if (found.kind === 'foreign-domain' || (!found.domainVerified && found.customerId !== recipient.customerId)) return 'remote';
    if (found.kind === 'targets') return { address: found.address, customerId: found.customerId };
    if (found.kind === 'mailbox') return { account: found.accountId, rulesVersion: found.rulesVersion };
    return failed('5.1.1', '550 5.1.1 Adresse unbekannt - address unknown');
  } catch (error) {
    services.log.warn({ err: error }, 'a queued recipient could not be looked up');
    return deferred('4.3.0', '451 4.3.0 The directory does not answer');
  }
}
