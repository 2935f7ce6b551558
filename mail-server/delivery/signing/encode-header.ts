import { buildHeaderParam, encodeWord, encodeWords } from 'nodemailer/lib/mime-funcs';
import { decodeUtf8OrWestern } from '../../../lib/mime/decode-charset.ts';
import { headerEnd, type FieldSpan, splitFields, unfold } from '../../../lib/mime/read-header.ts';

/** RFC 2047 section 2: at most 75 characters a word */
const longestWord = 75;

const addressFields =
  /^(?:resent-)?(?:from|sender|to|cc|bcc|reply-to)$|^(?:disposition-notification|return-receipt|mail-followup|mail-reply)-to$/;
const parameterFields = /^content-(?:type|disposition)$/;
/** Fields whose grammar has no place for an encoded word, and those that others signed or wrote for programs. */
const untouched =
  /^$|^(?:resent-)?(?:message-id|date)$|^(?:in-reply-to|references|received|return-path|mime-version|content-(?:transfer-encoding|id|location|md5)|dkim-signature|authentication-results|received-spf|domainkey-signature|autocrypt)$|^(?:arc|list)-/;

/**
 * The message with raw 8-bit text of its header written as RFC 2047 and 2231 have it: devices and scripts put UTF-8 (else windows-1252, as
 * all read it) into Subject, names and file names, and only hosts with SMTPUTF8 may be given that. An address that is not ASCII stays, and so
 * does what is no field; every other byte too.
 */
export function encodeHeader(message: Buffer): Buffer {
  const end = headerEnd(message);
  const block = message.toString('latin1', 0, end);
  if (isAscii(block)) return message;
  const pieces: string[] = [];
  let position = 0;
  for (const field of splitFields(block)) {
    const given = block.slice(field.start, field.end);
    const value = isAscii(given) || untouched.test(field.key) ? null : encodeValue(field.key, textOf(block, field));
    if (value === null) continue;
    const lineEnd = given.endsWith('\n') ? '\r\n' : '';
    pieces.push(block.slice(position, field.start), `${block.slice(field.start, field.valueStart)} ${value}${lineEnd}`);
    position = field.end;
  }
  if (position === 0) return message;
  pieces.push(block.slice(position));
  return Buffer.concat([Buffer.from(pieces.join(''), 'latin1'), message.subarray(end)]);
}

const isAscii = (text: string): boolean => !/[\x80-\u{10ffff}]/u.test(text);

const textOf = (block: string, { valueStart, end }: FieldSpan): string =>
  decodeUtf8OrWestern(Buffer.from(unfold(block, valueStart, end), 'latin1')).replace(/\p{Cc}/gu, ' ');

/** Null: it cannot be said in ASCII. */
function encodeValue(key: string, text: string): string | null {
  const value = addressFields.test(key)
    ? encodeNames(text)
    : parameterFields.test(key)
      ? encodeParameters(text)
      : encodeWords(text, 'Q', longestWord);
  // RFC 2047 section 2: lines of at most 76 characters where encoded words stand
  return value === null || !isAscii(value) ? null : value.replaceAll('?= =?', '?=\r\n =?');
}

/** Encoded words that may stand anywhere, in a name too. */
export const encodedWords = (text: string): string => encodeWord(text, 'Q', longestWord);
const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1');

/** quoted string, comment, address in brackets, separator, anything else up to one of these */
const addressPieces = /"((?:[^"\\]|\\.)*)"|\(((?:[^()\\]|\\.)*)\)|<[^<>]*>|[,:;]|[^"(<,:;]+/gy;

/** Names and comments of an address list; null where something else is not ASCII. */
function encodeNames(text: string): string | null {
  let encoded = '';
  let end = 0;
  for (const { 0: piece, 1: quoted, 2: comment, index } of text.matchAll(addressPieces)) {
    end = index + piece.length;
    if (isAscii(piece)) encoded += piece;
    else if (quoted !== undefined && text[end] !== '@') encoded += encodedWords(unescaped(quoted));
    else if (comment !== undefined) encoded += `(${encodedWords(unescaped(comment))})`;
    else if (piece.startsWith('<') || piece.includes('@') || quoted !== undefined) return null;
    else encoded += piece.replace(/\S(?:.*\S)?/, encodedWords);
  }
  return end === text.length ? encoded : null;
}

const parameterPieces = /"((?:[^"\\]|\\.)*)"|;|[^";]+/gy;

/** RFC 2231: `name="Übung.pdf"` becomes `name*0*=utf-8''%C3%9Cbung.pdf`. Null where the type itself is not ASCII. */
function encodeParameters(text: string): string | null {
  let encoded = '';
  let end = 0;
  let name = '';
  for (const { 0: piece, 1: quoted, index } of text.matchAll(parameterPieces)) {
    end = index + piece.length;
    const bare = quoted === undefined ? /^\s*([\w-]+)\s*=\s*(.*)$/.exec(piece) : null;
    const value = quoted === undefined ? bare?.[2]?.trim() : unescaped(quoted);
    if (isAscii(piece)) {
      name = bare?.[1] ?? '';
      encoded += piece;
    } else if (value === undefined || (quoted !== undefined && !encoded.endsWith('='))) return null;
    else {
      const key = bare?.[1] ?? name;
      const written = buildHeaderParam(key, value, 60).map((part) => `${part.key}=${part.value}`);
      // the name of a quoted value is written already
      encoded = quoted === undefined ? encoded : encoded.slice(0, encoded.lastIndexOf(name));
      encoded += `${encoded.endsWith(';') ? '\r\n ' : ''}${written.join(';\r\n ')}`;
    }
  }
  return end === text.length ? encoded : null;
}
