import type { Brand } from './brand.ts';
import { displayDomain, parseDomainName, type DomainName } from './domain-name.ts';
import { normalForm } from '../mime/normal-form.ts';

/** local-part@A-label domain. The domain is lower case; the local part too, since every host that matters compares it so. */
export type EmailAddress = Brand<string, 'EmailAddress'>;

// RFC 5321 dot-string, and the non-ASCII characters of RFC 6531. Quoted strings are refused on purpose: no mailbox here has one.
const localPart = /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+)*$/u;

/** Parses an address as typed or as given in SMTP. Null if the local part or the domain is not valid (RFC 5321 sizes: 64 and 254 octets). */
export function parseEmailAddress(input: string): EmailAddress | null {
  const trimmed = input.trim();
  const at = trimmed.lastIndexOf('@');
  if (at < 1) return null;
  const local = normalForm(trimmed.slice(0, at), 'NFC').toLowerCase();
  const domain = parseDomainName(trimmed.slice(at + 1));
  if (!domain || Buffer.byteLength(local) > 64 || !localPart.test(local)) return null;
  const address = `${local}@${domain}`;
  return Buffer.byteLength(address) <= 254 ? (address as EmailAddress) : null;
}

/** A local part that may be given to a new mailbox: letters, digits, dot, dash, underscore, plus excluded. Lower case, or null. */
export function parseLocalPart(input: string): string | null {
  const local = normalForm(input.trim(), 'NFC').toLowerCase();
  return /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/.test(local) && !local.includes('..') ? local : null;
}

export const domainOf = (address: EmailAddress): DomainName => address.slice(address.lastIndexOf('@') + 1) as DomainName;
export const localPartOf = (address: EmailAddress): string => address.slice(0, address.lastIndexOf('@'));

/** "max@müller.at" for people; never for protocols. */
export const displayAddress = (address: string): string => {
  const at = address.lastIndexOf('@');
  return at < 0 ? address : `${address.slice(0, at)}@${displayDomain(address.slice(at + 1))}`;
};
