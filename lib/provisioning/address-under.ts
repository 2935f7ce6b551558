import { domainOf, type EmailAddress, localPartOf, parseEmailAddress, parseLocalPart } from '../addresses/email-address.ts';

/** The address that somebody means who types what stands before the @ of a domain of theirs, or the whole of it. */
export function addressUnder(domain: string, typed: string): EmailAddress | null {
  const bare = typed.trim().replace(/^mailto:/i, '');
  const whole = parseEmailAddress(bare);
  const localPart = parseLocalPart(whole && domainOf(whole) === domain ? localPartOf(whole) : bare);
  return localPart === null ? null : parseEmailAddress(`${localPart}@${domain}`);
}
