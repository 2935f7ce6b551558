import { domainToASCII, domainToUnicode } from 'node:url';
import type { Brand } from './brand.ts';

/** A host name in A-label form, lower case, without a trailing dot: "xn--mller-kva.at". */
export type DomainName = Brand<string, 'DomainName'>;

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Parses a domain as a person types it ("Müller.AT", " muster.at. "). Null if it is not one: RFC 1035 lengths, at least two labels. */
export function parseDomainName(input: string): DomainName | null {
  const trimmed = input.trim().replace(/\.$/, '');
  if (trimmed === '' || trimmed.length > 253 || /[\s/:@\\?#%[\]]/u.test(trimmed)) return null;
  const ascii = domainToASCII(trimmed.normalize('NFC'));
  const labels = ascii.split('.');
  if (ascii.length > 253 || labels.length < 2 || !labels.every((part) => label.test(part))) return null;
  // an all-numeric last label is an address, not a name
  if (/^\d+$/.test(labels.at(-1) ?? '')) return null;
  return ascii as DomainName;
}

/** The form that people read: "müller.at". */
export const displayDomain = (domain: string): string => domainToUnicode(domain) || domain;
