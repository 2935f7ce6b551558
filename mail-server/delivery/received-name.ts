import { domainToASCII } from 'node:url';
import { isAddressLiteral } from '../../lib/addresses/address-literal.ts';
import { normalForm } from '../../lib/mime/normal-form.ts';

const hostName = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/i;
const mostCharacters = 255;

/**
 * The name that a client gave with EHLO as a Received field may show it: always ASCII, since a field of ours must not turn a letter of
 * seven bits into one of eight (RFC 6532), and never with what would end the field's clause or begin a comment. Umlauts become an A-label,
 * everything else that no host name has a question mark.
 */
export function receivedName(greetedAs: string | null): string {
  if (!greetedAs) return 'unknown';
  const name = greetedAs.slice(0, mostCharacters);
  if (hostName.test(name) || isAddressLiteral(name)) return name;
  const ascii = /^[\p{L}\p{N}\p{M}._-]+$/u.test(name) ? domainToASCII(normalForm(name, 'NFC')) : '';
  return ascii !== '' && hostName.test(ascii) ? ascii : name.replace(/[^A-Za-z0-9._:[\]-]/g, '?');
}

/**
 * The same for a letter of our own user, whose place on the network is nobody's business: names that are or hold the address of the
 * client become "unknown".
 */
export function submitterName(greetedAs: string | null, remoteAddress: string): string {
  const name = receivedName(greetedAs);
  if (name.includes('[') || name.includes(':') || /^\d+(?:\.\d+)*$/.test(name)) return 'unknown';
  // "192-0-2-7.dynamic.example", "host192x0x2x7": providers write the address into the name
  const digits = (text: string): string => text.toLowerCase().replace(/[^0-9a-f]+/g, '.');
  return digits(name).includes(digits(remoteAddress)) ? 'unknown' : name;
}
