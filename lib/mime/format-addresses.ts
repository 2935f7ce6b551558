import { decodeEncodedWords } from './decode-encoded-words.ts';
import { type Address, MISSING_DOMAIN, MISSING_MAILBOX } from './parse-addresses.ts';

/** Addresses for people and for searching: `Name <address>, address, Group: address;`, encoded words decoded. */
export function formatAddresses(list: readonly Address[]): string {
  let result = '';
  let separator = '';
  for (const address of list) {
    if (address.mailbox === null) {
      result += ';';
      separator = ', ';
    } else if (address.host === null) {
      result += `${separator}${decodeEncodedWords(address.mailbox)}:`;
      separator = ' ';
    } else {
      result += separator + formatAddress(address.name, address.mailbox, address.host);
      separator = ', ';
    }
  }
  return result;
}

function formatAddress(name: string | null, mailbox: string, host: string): string {
  const local = mailbox === MISSING_MAILBOX ? '' : decodeEncodedWords(mailbox);
  const address = host === MISSING_DOMAIN ? local : `${local}@${decodeEncodedWords(host)}`;
  if (!name) return address;
  return address === '' ? decodeEncodedWords(name) : `${decodeEncodedWords(name)} <${address}>`;
}
