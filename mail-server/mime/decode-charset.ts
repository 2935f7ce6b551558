import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/**
 * Text of bytes in a MIME charset. Unknown charsets, us-ascii and UTF-8 that is none fall back to UTF-8 where the bytes are valid, else
 * to windows-1252. The result never holds NUL or a lone surrogate (Postgres stores neither).
 */
export function decodeCharset(bytes: Buffer, charset: string | undefined): string {
  const name = canonicalName(charset);
  if (STATEFUL.test(name)) return storable(decodeBy(name, bytes));
  if (isAscii(bytes)) return withoutNul(bytes.toString('latin1'));
  if (UTF8_LIKE.has(name)) return decodeUtf8OrWestern(bytes);
  return storable(decodeBy(name, bytes));
}

/** 8-bit bytes of no known charset, as in headers. */
export function decodeUtf8OrWestern(bytes: Buffer): string {
  if (isUtf8(bytes)) return withoutNul(bytes.toString('utf8'));
  return storable(iconv.decode(bytes, 'windows-1252'));
}

/** Text without NUL and lone surrogates. */
export function storable(text: string): string {
  return withoutNul(text.isWellFormed() ? text : text.toWellFormed());
}

function decodeBy(name: string, bytes: Buffer): string {
  if (iconv.encodingExists(name)) return iconv.decode(bytes, name);
  const decoder = otherDecoder(name);
  if (decoder !== null) return decoder.decode(bytes);
  return decodeUtf8OrWestern(bytes);
}

/** Node's own decoders know some that iconv-lite does not (ISO-2022-JP). */
function otherDecoder(name: string): TextDecoder | null {
  try {
    return new TextDecoder(name);
  } catch {
    return null;
  }
}

function canonicalName(charset: string | undefined): string {
  const name = (charset ?? '')
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/g, '')
    .replace(/\*.*$/, '');
  // what says Latin-1 is written by programs that mean windows-1252 (as the WHATWG encoding standard has it)
  if (name === 'iso-8859-1' || name === 'latin1' || name === 'iso_8859-1') return 'windows-1252';
  return name.length > 40 ? '' : name;
}

const withoutNul = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '') : text);
/** 7-bit bytes that are not ASCII */
const STATEFUL = /^(utf-?(7|16|32)|unicode-1-1-utf-7|iso-2022|csiso2022|hz-gb|ucs-?[24]|csunicode)/;
const UTF8_LIKE = new Set([
  '',
  'utf-8',
  'utf8',
  'us-ascii',
  'ascii',
  'ansi_x3.4-1968',
  'unknown',
  'unknown-8bit',
  'x-unknown',
  'default',
  '7bit',
  '8bit',
]);
