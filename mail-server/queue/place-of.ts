import { parseEmailAddress } from '../../lib/addresses/email-address.ts';
import type { Services } from '../services.ts';
import type { QueuedRecipient } from '../store/queue/queue-store.ts';
import type { Recipient } from '../store/mail-directory.ts';
import type { ExpandedRecipient, Leading } from './deliver-onward.ts';
import type { LocalRecipient } from './deliver-locally.ts';
import { readSrsAddress } from '../delivery/srs.ts';
import { failed, ofOurs, type Outcome } from './outcome.ts';
import { noLongerTheirs } from './written-as.ts';

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
  const places = await placesOf(services, recipients);
  const ended = await noLongerTheirs(services, recipients);
  const sorted: Sorted = { remote: [], local: new Map(), onward: new Map(), settled: [] };
  for (const [index, recipient] of recipients.entries()) {
    const place = ended.get(recipient.messageId) ?? places[index] ?? 'remote';
    if (place === 'remote') sorted.remote.push(recipient);
    else if ('account' in place) {
      const locals = sorted.local.get(recipient.messageId) ?? [];
      locals.push({ recipient, ...place });
      sorted.local.set(recipient.messageId, locals);
    } else if ('customerId' in place) {
      const onward = sorted.onward.get(recipient.messageId) ?? [];
      onward.push({ recipient, ...place });
      sorted.onward.set(recipient.messageId, onward);
    } else sorted.settled.push([recipient, place]);
  }
  return sorted;
}

type Place = Omit<LocalRecipient, 'recipient'> | Leading | 'remote' | Outcome;

/** Where each of them is; one question for all whose domain stands in the tables. */
async function placesOf({ directory, log, secret }: Services, recipients: readonly QueuedRecipient[]): Promise<Place[]> {
  const addresses = recipients.map(({ address, isHosted }) => (isHosted ? parseEmailAddress(address) : null));
  const asked = [...new Set(addresses.filter((address) => address !== null))];
  try {
    const answers = await directory.recipients(asked);
    const found = new Map(asked.map((address, at) => [address, answers[at]]));
    return recipients.map((recipient, at) => {
      const address = addresses[at] ?? null;
      return placeOf(recipient, address === null ? undefined : found.get(address), secret);
    });
  } catch (error) {
    log.warn({ err: error }, 'queued recipients could not be looked up');
    const unknown = ofOurs(error, 'The directory does not answer');
    return recipients.map((recipient, at) => (addresses[at] === null ? placeOf(recipient, undefined, secret) : unknown));
  }
}

/**
 * Ours, elsewhere, or nowhere. A domain that somebody entered but never proved to own is not ours for other customers' mail: it still
 * goes where the DNS says.
 */
function placeOf({ customerId, sender, address, within }: QueuedRecipient, found: Recipient | undefined, secret: string): Place {
  // nobody wrote to the address: a group or a forward had this mailbox, and who has its name now is a stranger to them
  if (within !== null && (!found || found.kind === 'foreign-domain' || found.customerId !== within)) return unknownAddress;
  if (!found || found.kind === 'foreign-domain' || (!found.domainVerified && found.customerId !== customerId)) return 'remote';
  // what a mailbox here refuses comes back as it does from elsewhere
  const returned = sender === '' ? readSrsAddress(address, secret) : null;
  if (returned) return { returned, customerId: found.customerId };
  if (found.kind === 'targets') return { address: found.address, customerId: found.customerId };
  if (found.kind === 'mailbox') return { account: found.accountId, rulesVersion: found.rulesVersion };
  return unknownAddress;
}

const unknownAddress = failed('5.1.1', '550 5.1.1 Adresse unbekannt - address unknown');
