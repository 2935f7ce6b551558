import { decodeEncodedWords } from '../mime/decode-encoded-words.ts';
import { type Address, MISSING_DOMAIN, MISSING_MAILBOX } from '../mime/parse-addresses.ts';
import type { Person } from './types.ts';

/** Addresses of a header as people: names decoded by the server's own decoder; of a group its name, then its members. */
export function peopleOf(addresses: readonly Address[], bodyCharset?: string): Person[] {
  const people: Person[] = [];
  for (const { name, mailbox, host } of addresses) {
    if (mailbox === null) continue;
    if (host === null) people.push({ name: decodeEncodedWords(mailbox, bodyCharset).trim(), address: '' });
    else {
      const local = mailbox === MISSING_MAILBOX ? '' : decodeEncodedWords(mailbox);
      const address = host === MISSING_DOMAIN ? local : `${local}@${decodeEncodedWords(host)}`;
      people.push({ name: decodeEncodedWords(name ?? '', bodyCharset).trim(), address: address.trim() });
    }
  }
  return people;
}
