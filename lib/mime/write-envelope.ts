import { type Address, parseAddresses } from './parse-addresses.ts';
import { parseAuthors } from './parse-authors.ts';
import { type HeaderField, findField } from './parse-header.ts';
import { wireNString, wireString } from './wire-string.ts';

/** How many addresses may still be written: two bytes of a header can make 90 of an envelope. */
export interface AddressBudget {
  left: number;
}

/**
 * ENVELOPE of a header (RFC 9051 section 7.5.2), one byte a character. Date, subject, in-reply-to and message-id are NIL when absent and
 * "" when empty; address lists are NIL in both cases; sender and reply-to default to from. Several To, Cc or Bcc count as one list
 * (RFC 5322 section 4.5.3); of everything else the last counts.
 */
export function writeEnvelope(fields: readonly HeaderField[], budget: AddressBudget): string {
  const last = (key: string, parse = parseAddresses): string => {
    const value = findField(fields, key);
    return value === undefined ? 'NIL' : writeAddresses(take(parse(value, budget.left), budget));
  };
  const list = (key: string): string => writeAddresses(take(addressList(fields, key, budget.left), budget));
  const text = (key: string): string => wireNString(findField(fields, key));
  const from = last('from', parseAuthors);
  const sender = last('sender', parseAuthors);
  const replyTo = last('reply-to');
  return (
    `(${text('date')} ${text('subject')} ${from} ${sender === 'NIL' ? from : sender} ${replyTo === 'NIL' ? from : replyTo} ` +
    `${list('to')} ${list('cc')} ${list('bcc')} ${text('in-reply-to')} ${text('message-id')})`
  );
}

/** Addresses of all fields of that (lower case) name. */
export function addressList(fields: readonly HeaderField[], key: string, maxAddresses: number): Address[] {
  const list: Address[] = [];
  for (const field of fields) {
    if (field.key !== key) continue;
    for (const address of parseAddresses(field.value, maxAddresses - list.length)) list.push(address);
  }
  return list;
}

function take(list: Address[], budget: AddressBudget): Address[] {
  budget.left = Math.max(0, budget.left - list.length);
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
