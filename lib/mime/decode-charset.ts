import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { decodeHz, decodeIso2022Jp, decodeShifted, hasJapaneseEscape } from './decode-iso-2022.ts';

/**
 * Text of bytes in a MIME charset. Unknown charsets, us-ascii and UTF-8 that is none fall back to UTF-8 where the bytes are valid, else
 * to windows-1252, line by line. Unnamed ISO-2022-JP is known by its escapes, UTF-16 by its mark. The result never holds NUL or a lone
 * surrogate (Postgres stores neither). Linear time.
 */
export function decodeCharset(bytes: Buffer, charset: string | undefined): string {
  const name = canonicalName(charset);
  if (ISO_2022_JP.test(name)) return storable(decodeIso2022Jp(bytes));
  if (name === 'iso-2022-kr') return storable(iconv.decode(decodeShifted(bytes), 'euc-kr'));
  if (name.startsWith('iso-2022-cn')) return storable(iconv.decode(decodeShifted(bytes), 'gbk'));
  if (HZ.has(name)) return storable(iconv.decode(decodeHz(bytes), 'gbk'));
  if (name === 'utf-7') return storable(withoutMark(iconv.decode(bytes, 'utf-7')));
  const unnamed = AS_UTF8.has(name) || !isKnown(name);
  if (!isStatefulCharset(name) && isAscii(bytes)) {
    return unnamed && hasJapaneseEscape(bytes) ? storable(decodeIso2022Jp(bytes)) : withoutNul(bytes.toString('latin1'));
  }
  if (unnamed) return decodeUtf8OrWestern(bytes);
  return storable(withoutMark(iconv.decode(bytes, name)));
}

/** 8-bit bytes of no known charset, as in headers. */
export function decodeUtf8OrWestern(bytes: Buffer): string {
  if (isUtf8(bytes)) return withoutNul(withoutMark(bytes.toString('utf8')));
  const mark = bytes.length > 3 ? bytes.readUInt16BE(0) : 0;
  if (mark === 0xfeff || mark === 0xfffe) return storable(iconv.decode(bytes, 'utf-16'));
  return storable(decodeLines(bytes));
}

/** Whether a charset was named that says something: not us-ascii, not what nobody knows. */
export function isUsefulCharset(charset: string | undefined): boolean {
  const name = canonicalName(charset);
  return !ASCII.has(name) && (AS_UTF8.has(name) || ISO_2022_JP.test(name) || isStatefulCharset(name) || isKnown(name));
}

/** Charsets whose 7-bit bytes are not ASCII, or that carry a state from byte to byte: pieces are decoded each by itself. */
export function isStatefulCharset(name: string): boolean {
  return /^(utf-?(7|16|32)|unicode|(cs)?iso-?2022|hz|cp5022|ucs-?[24])/.test(name);
}

/** Text without NUL and lone surrogates. */
export function storable(text: string): string {
  return withoutNul(text.isWellFormed() ? text : text.toWellFormed());
}

/** Lines of a letter may come from different programs: an answer in UTF-8 around a quotation in Latin-1. Each is read as what it is. */
function decodeLines(bytes: Buffer): string {
  let result = '';
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, end);
    result += isUtf8(line) ? line.toString('utf8') : iconv.decode(line, 'windows-1252');
    start = end;
  }
  return result;
}

function canonicalName(charset: string | undefined): string {
  const name = (charset ?? '').trim().toLowerCase();
  if (name.length > MAX_NAME) return '';
  // RFC 2231 allows a language behind it
  const plain = name.replace(/^["']|["']$|\*.*$/g, '');
  const known = ALIASES[plain];
  if (known !== undefined) return known;
  // x- was put before names that have been registered since
  return plain.startsWith('x-') && isKnown(plain.slice(2)) ? plain.slice(2) : plain;
}

/** Names that programs write and iconv-lite does not know. What says Latin-1 means windows-1252 (as the WHATWG encoding standard has it). */
const ALIASES: Record<string, string> = {
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'iso_8859-1': 'windows-1252',
  'unicode-1-1-utf-7': 'utf-7',
  utf7: 'utf-7',
  csunicode11utf7: 'utf-7',
  'iso-8859-8-i': 'iso-8859-8',
  'iso-8859-8-e': 'iso-8859-8',
  'iso-8859-6-i': 'iso-8859-6',
  'iso-8859-6-e': 'iso-8859-6',
  'x-sjis': 'shift_jis',
  'x-mac-roman': 'macintosh',
  csiso2022kr: 'iso-2022-kr',
  unicode: 'utf-16',
  'x-euc': 'euc-jp',
};

/** Looked up here because iconv-lite throws and catches for unknown names, which is slow where a hostile message has 100,000 of them. */
function isKnown(name: string): boolean {
  return KNOWN.has(name.replace(/:\d{4}$|[^0-9a-z]/g, ''));
}

const KNOWN = knownCharsets();
function knownCharsets(): Set<string> {
  iconv.encodingExists('utf-8'); // loads the list
  const names = Object.keys((iconv as unknown as { encodings: Record<string, unknown> }).encodings);
  return new Set(names.filter((name) => name !== 'base64' && name !== 'hex' && name !== 'binary' && !name.startsWith('_')));
}

const withoutNul = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '') : text);
const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
const MAX_NAME = 60;
const ISO_2022_JP = /^((cs)?iso-?2022-?jp|cp5022[0-2])/;
const HZ = new Set(['hz', 'hz-gb-2312', 'hz-gb2312', 'hzgb2312']);
const ASCII = new Set(['', 'us-ascii', 'ascii', 'ansi_x3.4-1968']);
const AS_UTF8 = new Set([...ASCII, 'utf-8', 'utf8']);
