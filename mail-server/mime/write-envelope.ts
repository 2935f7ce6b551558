import { type Address, parseAddresses } from './parse-addresses.ts';
import { type HeaderField, findField } from './parse-header.ts';
import { wireNString, wireString } from './wire-string.ts';

/**
 * ENVELOPE of a header (RFC 9051 section 7.5.2), one byte a character. Date, subject, in-reply-to and message-id are NIL when absent and
 * "" when empty; address lists are NIL in both cases; sender and reply-to default to from. Several To, Cc or Bcc count as one list
 * (RFC 5322 section 4.5.3); of everything else the first counts.
 */
export function writeEnvelope(fields: readonly HeaderField[]): string {
  const from = writeAddresses(parseAddresses(findField(fields, 'from') ?? ''));
  const or = (key: string): string => {
    const own = writeAddresses(parseAddresses(findField(fields, key) ?? ''));
    return own === 'NIL' ? from : own;
  };
  const list = (key: string): string => writeAddresses(addressList(fields, key));
  const text = (key: string): string => wireNString(findField(fields, key));
  return (
    `(${text('date')} ${text('subject')} ${from} ${or('sender')} ${or('reply-to')} ` +
    `${list('to')} ${list('cc')} ${list('bcc')} ${text('in-reply-to')} ${text('message-id')})`
  );
}

/** Addresses of all fields of that (lower case) name. */
export function addressList(fields: readonly HeaderField[], key: string): Address[] {
  const list: Address[] = [];
  for (const field of fields) if (field.key === key) for (const address of parseAddresses(field.value)) list.push(address);
  return list;
}

function writeAddresses(list: readonly Address[]): string {
  if (list.length === 0) return 'NIL';
  let result = '(';
  for (const { name, route, mailbox, host } of list) {
    result += `(${name ? wireString(name) : 'NIL'} ${wireNString(route)} ${wireNString(mailbox)} ${wireNString(host)})`;
  }
  return `${result})`;
}
