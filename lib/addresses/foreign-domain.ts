import { domainToASCII } from 'node:url';
import { parseDomainName } from './domain-name.ts';
import { normalForm } from '../mime/normal-form.ts';

const label = /^[a-z0-9_-]{1,63}$/;

/**
 * The domain of an address elsewhere in A-labels, lower case. Machines have names that no registry would give ("web_srv01", "-a", "host"),
 * and their mail is mail: more than RFC 1035 sizes and the characters of the DNS is not asked. Null if not even that holds.
 */
export function parseForeignDomain(input: string): string | null {
  const name = parseDomainName(input);
  if (name) return name;
  const given = normalForm(input.replace(/\.$/, ''), 'NFC');
  // ASCII stays as it is: the URL parser would make addresses of names that are all digits
  const ascii = /^[\x21-\x7e]*$/.test(given) ? given.toLowerCase() : domainToASCII(given);
  return ascii.length <= 253 && ascii.split('.').every((part) => label.test(part)) ? ascii : null;
}

/** True for what the DNS may know a mail host of: more than one label, and no IP address without its brackets. */
export const isPublicDomain = (domain: string): boolean => /^[^[]+\.[^.]*[^.\d][^.]*$/.test(domain);

/** RFC 2606, RFC 6761, RFC 6762, RFC 8375 and what private networks use: nobody else knows such a name. */
const nobodyElses = /(?:^|\.)(?:localhost|local|localdomain|lan|home|internal|intranet|private|corp|test|example|invalid|home\.arpa)$/;

/** Whether a host of this name can be known to the rest of the world. */
export const isWorldly = (host: string): boolean => isPublicDomain(host) && !nobodyElses.test(host.toLowerCase());
