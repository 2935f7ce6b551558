import { customerId } from '../../lib/db/ids.ts';
import type { Query } from '../store/database.ts';
import { enqueue } from '../store/queue-store.ts';
import { takeExpiringDomain } from '../store/unproved-domains.ts';
import { expiryNotice } from './expiry-notice.ts';

/** Writes to the people of one domain that expires within a week. The mark and the letters are one transaction. True: there may be another. */
export async function tellOfExpiry(query: Query, days: number, hostName: string): Promise<boolean> {
  const domain = await takeExpiringDomain(query, days);
  if (!domain) return false;
  for (const { address, locale } of domain.people) {
    const content = expiryNotice({ hostName, to: address, locale, domain: domain.name, expiresAt: domain.expiresAt, at: new Date() });
    await enqueue(query, {
      customerId: customerId(domain.customerId),
      accountId: null,
      sender: '',
      locale,
      content,
      smtputf8: false,
      dsnReturn: null,
      dsnEnvelope: null,
      acceptKey: null,
      recipients: [{ address, domain: address.slice(address.lastIndexOf('@') + 1), dsnNotify: 'NEVER', dsnOriginal: null }],
    });
  }
  return true;
}
