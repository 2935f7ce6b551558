import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import { gaps } from '../../mime/gaps.ts';
import { type Address, MISSING_DOMAIN, MISSING_MAILBOX } from '../../mime/parse-addresses.ts';
import type { Person } from '../reading/mail-message.ts';

/** Orders of direction and what has no width: they turn around or hide what stands beside them. Joiners are letters of some scripts. */
const misleading = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/g;
const readable = (name: string): string =>
  name
    .replace(misleading, '')
    .replace(/[\p{Cc} ]+/gu, ' ')
    .replace(gaps, ' ')
    .trim();

/** Addresses of a header as people: names decoded by the server's own decoder; of a group its name, then its members. */
export function peopleOf(addresses: readonly Address[], bodyCharset?: string): Person[] {
  const people: Person[] = [];
  for (const { name, mailbox, host } of addresses) {
    if (mailbox === null) continue;
    if (host === null) people.push({ name: readable(decodeEncodedWords(mailbox, bodyCharset)), address: '' });
    else {
      const local = mailbox === MISSING_MAILBOX ? '' : decodeEncodedWords(mailbox);
      const shown = readable(decodeEncodedWords(name ?? '', bodyCharset));
      // "<Undisclosed Recipients>": words are no address that anybody can be written to
      if (host === MISSING_DOMAIN && /\s/.test(local.trim())) people.push({ name: shown || readable(local), address: '' });
      else {
        const address = host === MISSING_DOMAIN ? local : `${quoted(local)}@${decodeEncodedWords(host)}`;
        people.push({ name: shown, address: address.trim() });
      }
    }
  }
  return people;
}

/** A local part with an @ or a bracket in it is one within quotes (RFC 5321 section 4.1.2): without them it would look like another address. */
const quoted = (local: string): string => (/[@<>]/.test(local) ? `"${local.replace(/["\\]/g, '\\$&')}"` : local);
