import { randomUUID } from 'node:crypto';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import { domainOf, parseEmailAddress, type EmailAddress } from '../../lib/addresses/email-address.ts';
import { isWorldly } from '../../lib/addresses/foreign-domain.ts';
import type { SenderAddresses } from '../../lib/addresses/subaddress.ts';
import { decodeEncodedWords } from '../../lib/mime/decode-encoded-words.ts';
import { type AuthorMailbox, determineAuthors, type FieldAuthors, parseAuthors } from '../../lib/mime/parse-authors.ts';
import { parameter, parseContentType } from '../../lib/mime/parse-content-type.ts';
import { hasDisguisedFrom, writtenAddress } from '../../lib/mime/read-author.ts';
import { byButton } from '../../lib/targets/by-button.ts';
import { parseDate } from '../../lib/mime/parse-date.ts';
import { type FieldSpan, type MessageHeader, withoutFields } from '../../lib/mime/read-header.ts';
import { continues, isOurResult, mailDate } from '../delivery/trace-header.ts';

export interface Prepared {
  content: Buffer;
  /** whose domain signs: the first author, or who passes on what somebody else wrote */
  signer: EmailAddress;
  /** every address of ours that the header names as author, sender or who passes it on */
  identities: EmailAddress[];
  /** authors elsewhere, of a letter that is passed on (RFC 5322 section 3.6.6) */
  foreignAuthors: AuthorMailbox[];
  /** the one author; null where there are several, or he is not of ours */
  author: EmailAddress | null;
  /** the Message-ID that it came with; null if none was usable */
  givenId: string | null;
}

/** Recipients must not see who got a blind copy; a Return-Path is written by whoever delivers (RFC 5321 section 4.4). */
const dropped = new Set(['bcc', 'resent-bcc', 'return-path', byButton.name.toLowerCase()]);

/** RFC 5322 section 3.3, and 3.6.4: a program that writes something else means well, and no other host understands it. */
const internetDate =
  /^(?:[a-z]{3}, *)?\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) \d{4} (?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60))? (?:[+-]\d{4}|[a-z]{1,5})(?:[ \t]*\([^()]*\))?$/i;
const internetId = /^<[!-;=?A-~]{1,300}@[!-;=?A-~]{1,300}>$/;

/** A day that can be made out is kept, however it is written. */
const meantDate = (header: MessageHeader, fields: readonly FieldSpan[]): number | null =>
  fields.map((field) => parseDate(header.value(field))).find((at) => at !== null) ?? null;

interface Submitter {
  address: EmailAddress;
  name: string;
  own: SenderAddresses;
  /** the mailbox's own address, that names it in Sender */
  mailbox: EmailAddress;
  hostName: string;
  /** with the null reverse-path: nobody is to be told what becomes of it */
  unanswerable: boolean;
}

/**
 * Makes a submitted message fit for the world (RFC 6409 section 8): adds From where none names anybody, and Date and Message-ID where no usable
 * one is, takes out Bcc, results that only a receiving host writes, and a Sender that names nobody. A report of the submitter's own mail server bears
 * his address. What somebody else wrote and is passed on
 * keeps its Date and Message-ID, usable or not, since others signed them. 'foreign-author' if the letter speaks for
 * an address that is not in `own`; 'no-author' if there is a From field without a usable address, or more than one author's field.
 */
export function prepareSubmission(
  content: Buffer,
  header: MessageHeader,
  submitter: Submitter,
  at: Date,
): Prepared | 'foreign-author' | 'no-author' {
  const { fields } = header;
  // it would go on with the last field that is written above it
  if (continues(header, fields[0])) return 'no-author';
  const speaking = readSpeakers(header, submitter);
  if (typeof speaking === 'string') return speaking;
  const { unusableSpeakers, ...speakers } = speaking;
  const added: string[] = [];
  if (speakers.sender) added.push(`Sender: ${submitter.name === '' ? '' : `${displayName(submitter.name)} `}<${speakers.sender}>`);
  const passedOn = speakers.foreignAuthors.length > 0;
  const dates = header.named('date');
  const ids = header.named('message-id');
  const date = passedOn ? dates[0] : dates.find((field) => internetDate.test(header.value(field)));
  const id = passedOn ? ids[0] : ids.find((field) => internetId.test(header.value(field)));
  if (!date) added.push(`Date: ${mailDate(new Date(meantDate(header, dates) ?? at))}`);
  if (header.named('from').every((field) => unusableSpeakers.includes(field))) {
    const name = nameOfMachine(header) ?? submitter.name;
    added.push(`From: ${name === '' ? '' : `${displayName(name)} `}<${submitter.address}>`);
  }
  if (!id) added.push(`Message-ID: <${randomUUID()}@${submitter.hostName}>`);
  const isForgeable = (field: FieldSpan): boolean =>
    passedOn ? isOurResult(header, field, submitter.hostName) : field.key === 'authentication-results' || field.key === 'received-spf';
  const unusable = new Set([
    ...unusableSpeakers,
    ...(passedOn ? [] : [...dates, ...ids].filter((field) => field !== date && field !== id)),
  ]);
  const kept = withoutFields(
    content,
    fields.filter((field) => dropped.has(field.key) || unusable.has(field) || isForgeable(field)),
  );
  const head = Buffer.from(added.map((line) => `${line}\r\n`).join(''));
  // a message without any header gets the empty line that ends one
  const separator = fields.length === 0 && !/^\r?\n/.test(content.toString('latin1', 0, 2)) ? Buffer.from('\r\n') : Buffer.alloc(0);
  const { sender: _, ...named } = speakers;
  return { content: Buffer.concat([head, separator, kept]), givenId: id ? header.text(id) || null : null, ...named };
}

type Speakers = Omit<Prepared, 'content' | 'givenId'> & {
  /** fields that name nobody, or say once more what stands there already */
  unusableSpeakers: FieldSpan[];
  /** written on behalf: whom the field Sender names (RFC 5322 section 3.6.2) */
  sender: EmailAddress | null;
};

/** Who speaks in the header: all of them must be addresses of the submitter, but the authors of what he passes on. */
function readSpeakers(header: MessageHeader, submitter: Submitter): Speakers | 'foreign-author' | 'no-author' {
  const { address, own, mailbox } = submitter;
  const resenders = readFields(header, topmostResenders(header));
  const isReport = submitter.unanswerable && resenders.length === 0 ? isDeliveryReport(header) : null;
  const unwritten = header
    .named('from')
    .filter((field) => namesNobody(header, field) || (isReport !== null && namesMailer(header, field, own, isReport)));
  const [from, ...others] = header.named('from').filter((field) => !unwritten.includes(field));
  if (others.some((field) => from && header.value(field) !== header.value(from)) || hasDisguisedFrom(header)) return 'no-author';
  const authors = from ? determineAuthors(header.value(from)) : null;
  if (from && !authors) return 'no-author';
  const isOwn = (mailbox: AuthorMailbox): boolean => own.has(ownForm(mailbox) ?? '');
  // "root@localhost": a machine speaks of itself
  const isMachine = (mailbox: AuthorMailbox): boolean =>
    !isOwn(mailbox) && !isWorldly(mailbox.domain) && mailbox.domain !== domainOf(address);
  const named = readFields(header, header.named('sender'));
  const senders = named.filter(({ authors }) => authors && !authors.candidates.every(isMachine));
  const unusableSpeakers = [
    ...unwritten,
    ...others,
    ...named.filter((each) => !senders.includes(each)).map(({ field }) => field),
    ...resenders.filter(({ authors }) => !authors).map(({ field }) => field),
  ];
  const resending = resenders.flatMap((each) => each.authors?.candidates ?? []);
  const sending = senders.flatMap((each) => each.authors?.candidates ?? []);
  const addresses = (mailboxes: readonly AuthorMailbox[]): EmailAddress[] => mailboxes.map(ownForm).filter((each) => each !== null);
  if (!resending.every(isOwn)) return 'foreign-author';
  const written = authors?.candidates ?? [];
  if (written.every(isOwn) && sending.every(isOwn)) {
    const authoring = authors ? addresses(written) : [address];
    const [signer = address] = authoring;
    const isSigned = addresses(sending).some((each) => !own.isOnBehalf(each));
    const onBehalf = authoring.some((each) => own.isOnBehalf(each)) && !isSigned;
    const identities = [...authoring, ...addresses(sending), ...addresses(resending), ...(onBehalf ? [mailbox] : [])];
    const author = authoring.length === 1 ? signer : null;
    const unusable = onBehalf ? [...unusableSpeakers, ...header.named('sender')] : unusableSpeakers;
    return { signer, identities, foreignAuthors: [], author, unusableSpeakers: unusable, sender: onBehalf ? mailbox : null };
  }
  const [signer] = addresses(resending);
  if (!signer) return 'foreign-author';
  const foreignAuthors = [...written, ...sending].filter((mailbox) => !isOwn(mailbox));
  return { signer, identities: addresses(resending), foreignAuthors, author: null, unusableSpeakers, sender: null };
}

/** "From: Scanner 3": the author is missing, as he is without the field. */
const namesNobody = (header: MessageHeader, field: FieldSpan): boolean => !header.value(field).includes('@');

/**
 * An office's own mail server that hands its mail to us reports failures by the same way, under its own name (RFC 3464 section 2, RFC 5321
 * section 4.5.5). It is no author: who handed it in is.
 */
function namesMailer(header: MessageHeader, field: FieldSpan, own: SenderAddresses, isReport: boolean): boolean {
  const [mailer, ...others] = determineAuthors(header.value(field))?.candidates ?? [];
  if (!mailer || others.length > 0 || own.has(ownForm(mailer) ?? '')) return false;
  return isReport || mailer.local.toLowerCase() === 'mailer-daemon';
}

function isDeliveryReport(header: MessageHeader): boolean {
  const [field] = header.named('content-type');
  if (!field) return false;
  const { type, subtype, parameters } = parseContentType(header.value(field), 'text/plain', mostParameters);
  return `${type}/${subtype}` === 'multipart/report' && parameter(parameters, 'report-type')?.toLowerCase() === 'delivery-status';
}
const mostParameters = 20;

/** How such a machine calls itself; null where another could take that for an address, or for one that is encoded once more. */
function nameOfMachine(header: MessageHeader): string | null {
  const [from] = header.named('from');
  const written = from ? header.value(from) : '';
  const name = decodeEncodedWords(written.includes('@') ? (parseAuthors(written, 1)[0]?.name ?? '') : written).trim();
  return name === '' || name.length > longestName || /[@\uff20\ufe6b<>]|=\?/.test(name) ? null : name;
}
const longestName = 200;

/** A letter that was passed on several times has a block for each, the newest on top; the others speak for those who did it before. */
function topmostResenders(header: MessageHeader): FieldSpan[] {
  const froms = header.named('resent-from');
  const [sender] = header.named('resent-sender');
  const [newest, before] = froms;
  const isOfNewest = sender !== undefined && (before === undefined || sender.start < before.start);
  return [...(newest ? [newest] : []), ...(isOfNewest ? [sender] : [])];
}

function readFields(header: MessageHeader, fields: readonly FieldSpan[]): { field: FieldSpan; authors: FieldAuthors | null }[] {
  return fields.map((field) => ({ field, authors: determineAuthors(header.value(field)) }));
}

const ownForm = (mailbox: AuthorMailbox): EmailAddress | null => parseEmailAddress(writtenAddress(mailbox));

const displayName = (name: string): string =>
  /^[\x20-\x7e]*$/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : encodeWord(name.replace(/\p{Cc}/gu, ' '), 'Q');
