import type { ImapAttribute, ImapAttributeNode } from 'imapflow';
import { bareId, type LetterPart } from '../../mime/letter-part.ts';
import { bodyCharset } from '../../mime/body-charset.ts';
import type { Address } from '../../mime/parse-addresses.ts';
import type { Parameter } from '../../mime/parse-content-type.ts';
import { parseDate } from '../../mime/parse-date.ts';
import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import { peopleOf } from '../people/decode-people.ts';
import type { Person } from './mail-message.ts';

/**
 * ENVELOPE and BODYSTRUCTURE (RFC 9051 section 7.5.2) as the wire has them, read with the server's own decoders. What imapflow makes of them
 * is decoded a second way, which knows fewer charsets and forms.
 */

/** One byte a character; empty for NIL. */
export function wireText(attribute: ImapAttribute | undefined): string {
  if (attribute === null || attribute === undefined || Array.isArray(attribute)) return '';
  const { value } = attribute as ImapAttributeNode;
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  return value === null || value === undefined ? '' : String(value);
}

const listOf = (attribute: ImapAttribute | undefined): ImapAttribute[] => (Array.isArray(attribute) ? attribute : []);

const deepest = 200;

export function readStructure(attribute: ImapAttribute | undefined): LetterPart {
  const root = readPart(attribute, []);
  return withCharset(root, bodyCharset(root));
}

const withCharset = (part: LetterPart, textCharset: string | undefined): LetterPart => ({
  ...part,
  textCharset,
  children: part.children.map((child) => withCharset(child, textCharset)),
});

function readPart(attribute: ImapAttribute | undefined, path: readonly number[]): LetterPart {
  const node = listOf(attribute);
  return Array.isArray(node[0]) && path.length < deepest ? readMultipart(node, path) : readSingle(node, path);
}

function readMultipart(node: readonly ImapAttribute[], path: readonly number[]): LetterPart {
  const children: LetterPart[] = [];
  let at = 0;
  for (; Array.isArray(node[at]); at++) children.push(readPart(node[at], [...path, at + 1]));
  return {
    ...emptyPart,
    section: path.join('.'),
    type: 'multipart',
    subtype: wireText(node[at]).toLowerCase(),
    parameters: readParameters(node[at + 1]),
    ...readDisposition(node[at + 2]),
    children,
  };
}

function readSingle(node: readonly ImapAttribute[], path: readonly number[]): LetterPart {
  const type = wireText(node[0]).toLowerCase();
  const isMessage = type === 'message' && Array.isArray(node[7]);
  // behind the seven fields of all: envelope, structure and lines of a message, lines of a text, then the extension
  const extension = isMessage ? 10 : type === 'text' ? 8 : 7;
  return {
    ...emptyPart,
    section: path.length > 0 ? path.join('.') : '1',
    type,
    subtype: wireText(node[1]).toLowerCase(),
    parameters: readParameters(node[2]),
    contentId: bareId(wireText(node[3])),
    encoding: wireText(node[5]).toLowerCase() || '7bit',
    sizeBytes: Number(wireText(node[6])) || 0,
    ...readDisposition(node[extension + 1]),
    location: wireText(node[extension + 3]),
    innerSubject: isMessage ? wireText(listOf(node[7])[1]) : '',
  };
}

const emptyPart: LetterPart = {
  section: '',
  type: '',
  subtype: '',
  parameters: [],
  encoding: '7bit',
  contentId: '',
  location: '',
  disposition: '',
  dispositionParameters: [],
  sizeBytes: 0,
  children: [],
  innerSubject: '',
};

function readParameters(attribute: ImapAttribute | undefined): Parameter[] {
  const list = listOf(attribute);
  const parameters: Parameter[] = [];
  for (let at = 0; at + 1 < list.length; at += 2) parameters.push({ name: wireText(list[at]), value: wireText(list[at + 1]) });
  return parameters;
}

function readDisposition(attribute: ImapAttribute | undefined): Pick<LetterPart, 'disposition' | 'dispositionParameters'> {
  const [value, parameters] = listOf(attribute);
  return { disposition: wireText(value).toLowerCase(), dispositionParameters: readParameters(parameters) };
}

export interface ReadEnvelope {
  /** as written; undefined if it cannot be read */
  date: Date | undefined;
  subject: string;
  from: Person[];
  replyTo: Person[];
  to: Person[];
  cc: Person[];
  bcc: Person[];
  inReplyTo: string;
  messageId: string;
}

/** `root`: the message's structure, whose first text says what raw 8-bit bytes of the header are. */
export function readEnvelope(attribute: ImapAttribute | undefined, root: LetterPart): ReadEnvelope {
  const [date, subject, from, , replyTo, to, cc, bcc, inReplyTo, messageId] = listOf(attribute);
  const charset = bodyCharset(root);
  const people = (list: ImapAttribute | undefined): Person[] => peopleOf(listOf(list).map(readAddress), charset);
  const sentMs = parseDate(wireText(date));
  return {
    date: sentMs === null ? undefined : new Date(sentMs),
    subject: decodeEncodedWords(wireText(subject), charset),
    from: people(from),
    replyTo: people(replyTo),
    to: people(to),
    cc: people(cc),
    bcc: people(bcc),
    inReplyTo: wireText(inReplyTo),
    messageId: wireText(messageId),
  };
}

function readAddress(attribute: ImapAttribute): Address {
  const [name, route, mailbox, host] = listOf(attribute);
  const orNull = (value: ImapAttribute | undefined): string | null => (value === null || value === undefined ? null : wireText(value));
  return { name: orNull(name), route: orNull(route), mailbox: orNull(mailbox), host: orNull(host) };
}
