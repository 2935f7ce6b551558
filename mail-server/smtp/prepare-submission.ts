import { randomUUID } from 'node:crypto';
import parseAddresses from 'nodemailer/lib/addressparser';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import { parseEmailAddress, type EmailAddress } from '../../lib/addresses/email-address.ts';
import { isAmong } from '../../lib/addresses/subaddress.ts';
import { fieldValue, headerFields, withoutFields, type HeaderField } from '../delivery/header-fields.ts';
import { mailDate } from '../delivery/trace-header.ts';

export interface Prepared {
  content: Buffer;
  /** the first address of the From field; its domain signs */
  author: EmailAddress;
}

const deepestComment = 10;
const longestAuthorBytes = 16_384;

/** Recipients must not see who got a blind copy; a Return-Path is written by whoever delivers (RFC 5321 section 4.4). */
const dropped = new Set(['bcc', 'resent-bcc', 'return-path']);

/**
 * Makes a submitted message fit for the world (RFC 6409 section 8): adds Date, Message-ID and From where they are missing, takes out
 * Bcc. 'foreign-author' if the From or Sender field names an address that is not in `own`; 'no-author' if there is a From field without a
 * usable address, one that programs may read in different ways, or more than one field.
 */
export function prepareSubmission(
  content: Buffer,
  sender: { address: EmailAddress; name: string; own: ReadonlySet<string>; hostName: string },
  at: Date,
): Prepared | 'foreign-author' | 'no-author' {
  const { fields } = headerFields(content);
  // it would go on with the last field that is written above it
  if (/^[ \t]/.test(content.toString('latin1', 0, 1))) return 'no-author';
  const named = (name: string): HeaderField[] => fields.filter((field) => field.name === name);
  const from = named('from');
  if (from.length > 1 || from.some(({ start, end }) => end - start > longestAuthorBytes)) return 'no-author';
  const authors = from[0] ? addressesIn(fieldValue(content, from[0])) : [sender.address];
  const [author] = authors;
  if (!author || authors.includes(null)) return 'no-author';
  if (authors.some((address) => address !== null && !isAmong(sender.own, address))) return 'foreign-author';
  if (from[0] && !isUnambiguous(fieldValue(content, from[0]), sender.own)) return 'no-author';
  const senders = named('sender').flatMap((field) => addressesIn(fieldValue(content, field)));
  if (senders.some((address) => address === null || !isAmong(sender.own, address))) return 'foreign-author';
  const added: string[] = [];
  if (named('date').length === 0) added.push(`Date: ${mailDate(at)}`);
  if (from.length === 0) added.push(`From: ${sender.name === '' ? '' : `${displayName(sender.name)} `}<${sender.address}>`);
  if (named('message-id').length === 0) added.push(`Message-ID: <${randomUUID()}@${sender.hostName}>`);
  const kept = withoutFields(
    content,
    fields.filter((field) => dropped.has(field.name)),
  );
  const head = Buffer.from(added.map((line) => `${line}\r\n`).join(''));
  // a message without any header gets the empty line that ends one
  const separator = fields.length === 0 && !/^\r?\n/.test(content.toString('latin1', 0, 2)) ? Buffer.from('\r\n') : Buffer.alloc(0);
  return { content: Buffer.concat([head, separator, kept]), author };
}

/** Null stands for something that is no address. */
function addressesIn(value: string): (EmailAddress | null)[] {
  return parseAddresses(value, { flatten: true }).map(({ address }) => parseEmailAddress(address ?? ''));
}

/**
 * True for "name <address>" and "address", with commas between; anything beyond that (two addresses side by side, groups, routes, open
 * quotes) shows one author in this mail program and another in that one. A name may be an address only if that is one's own too.
 */
function isUnambiguous(from: string, own: ReadonlySet<string>): boolean {
  if (/\p{Cc}/u.test(from.replaceAll('\t', ' '))) return false;
  const bare = withoutComments(from.replace(/"(?:[^"\\]|\\.)*"/g, 'quoted '));
  return bare.split(',').every((part) => {
    const mailbox = part.trim();
    if (/^[^\s<>@:;"()]+@[^\s<>@:;"()]+$/.test(mailbox)) return true;
    const named = /^([^<>:;"()]*)<[^\s<>@:;"()]+@[^\s<>@:;"()]+>$/.exec(mailbox);
    const name = named?.[1]?.trim();
    return name !== undefined && (!name.includes('@') || own.has(parseEmailAddress(name) ?? ''));
  });
}

/** Comments may stand in each other (RFC 5322 section 3.2.2); brackets that have no partner stay. */
function withoutComments(text: string): string {
  let rest = text;
  for (let depth = 0; depth < deepestComment; depth++) {
    const less = rest.replace(/\((?:[^()\\]|\\.)*\)/g, ' ');
    if (less === rest) break;
    rest = less;
  }
  return rest;
}

const displayName = (name: string): string =>
  /^[\x20-\x7e]*$/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : encodeWord(name.replace(/\p{Cc}/gu, ' '), 'Q');
