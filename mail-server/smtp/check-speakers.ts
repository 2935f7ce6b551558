import { parseDomainName, type DomainName } from '../../lib/addresses/domain-name.ts';
import { domainOf } from '../../lib/addresses/email-address.ts';
import type { Principal } from '../auth/types.ts';
import type { Services } from '../services.ts';
import { findNamed } from './find-named.ts';
import type { Prepared } from './prepare-submission.ts';
import type { AcceptedRecipient } from './transaction.ts';
import { reply, type Reply } from './reply.ts';

/**
 * Whether everybody for whom a submitted letter speaks may speak to these recipients: to the world only who is on a domain that is
 * proved, whatever stands in the envelope; within the own customer also others (decision 003). A letter that is passed on may have authors
 * elsewhere, but nobody whose domain is proved here: he can write for himself.
 */
export async function mayAllSpeak(
  services: Services,
  principal: Principal,
  { identities, foreignAuthors }: Prepared,
  recipients: readonly AcceptedRecipient[],
): Promise<Reply | 'foreign-author' | null> {
  for (const { domain } of foreignAuthors) {
    const name = parseDomainName(domain);
    if (name && (await isProved(services, name))) return 'foreign-author';
  }
  const domains = [...new Set(identities.map(domainOf))];
  for (const domain of domains) {
    if (await isProved(services, domain)) continue;
    if (!(await areWithin(services, principal, recipients))) return unproved(domain);
  }
  return null;
}

export const isProved = async ({ directory }: Services, domain: DomainName): Promise<boolean> =>
  (await directory.domain(domain))?.verified ?? false;

async function areWithin(services: Services, { customerId }: Principal, recipients: readonly AcceptedRecipient[]): Promise<boolean> {
  for (const { text } of recipients) {
    const recipient = (await findNamed(services, text))?.recipient ?? { kind: 'foreign-domain' };
    if (recipient.kind === 'foreign-domain' || recipient.customerId !== customerId) return false;
  }
  return true;
}

const unproved = (domain: string): Reply =>
  reply(
    550,
    '5.7.1',
    `Die Domain ${domain} ist noch nicht bestaetigt, unter ihr koennen Sie vorerst nur innerhalb Ihrer Organisation schreiben - ` +
      `the domain ${domain} is not verified yet, until then you can write under it within your organisation only`,
  );
