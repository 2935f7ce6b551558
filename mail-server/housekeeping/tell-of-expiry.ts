import { customerId } from '../../lib/db/ids.ts';
import type { Query } from '../store/postgres/database.ts';
import { automaticMessage } from '../store/queue/automatic-message.ts';
import { enqueue } from '../store/queue/queue-store.ts';
import { takeExpiringDomain } from '../store/unproved-domains.ts';
import { expiryNotice } from './expiry-notice.ts';

/** Writes to the people of one domain that expires within a week. The mark and the letters are one transaction. True: there may be another. */
export async function tellOfExpiry(query: Query, days: number, hostName: string): Promise<boolean> {
  const domain = await takeExpiringDomain(query, days);
  if (!domain) return false;
  for (const { address, locale } of domain.people) {
    const content = expiryNotice({ hostName, to: address, locale, domain: domain.name, expiresAt: domain.expiresAt, at: new Date() });
    const letter = automaticMessage(address, { customerId: customerId(domain.customerId), locale, content });
    if (letter) await enqueue(query, letter);
  }
  return true;
}
