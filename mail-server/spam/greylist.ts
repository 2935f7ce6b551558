import { createHash } from 'node:crypto';
import type { AccountId } from '../../lib/db/ids.ts';
import type { Services } from '../services.ts';
import { int8Array } from '../store/postgres/binary-client.ts';
import { isAnyCorrespondent, isKnownHost, noteKnownHost, secondsSinceFirst } from '../store/greylist-store.ts';
import { senderNetwork } from './checks/sender-network.ts';

export interface GreylistQuestion {
  remoteAddress: string;
  sender: string;
  recipients: readonly string[];
  accounts: readonly AccountId[];
  /** the author, where SPF or DMARC vouches for him */
  genuineAuthor: string | null;
}

/**
 * Whether a stranger is to come again (RFC 6647). Never for hosts that delivered before, nor for authors that a recipient wrote to and who are
 * who they say. What cannot be found out lets mail in.
 */
export async function mustComeAgain(services: Services, question: GreylistQuestion): Promise<boolean> {
  const { greylistS } = services.settings.spam;
  if (greylistS === 0) return false;
  const { remoteAddress, sender, recipients, accounts, genuineAuthor } = question;
  const network = senderNetwork(remoteAddress);
  try {
    if (await isKnownHost(services.database, network)) return false;
    if (genuineAuthor && (await isAnyCorrespondent(services.database, genuineAuthor.toLowerCase(), int8Array(accounts)))) return false;
    const key = createHash('sha256')
      .update([network, sender.toLowerCase(), ...recipients.toSorted()].join('\n'))
      .digest();
    return (await secondsSinceFirst(services.database, key)) < greylistS;
  } catch (error) {
    services.log.warn({ err: error }, 'the greylist could not be asked');
    return false;
  }
}

/** A host whose letter did not go to Junk is known from now on. */
export function rememberHost({ database, settings, log }: Services, remoteAddress: string): void {
  if (settings.spam.greylistS === 0 && settings.spam.dnsLists.length === 0) return;
  noteKnownHost(database, senderNetwork(remoteAddress)).catch((error: unknown) => log.debug({ err: error }, 'a host is not remembered'));
}
