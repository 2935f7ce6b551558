import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { decodeHz, decodeIso2022Kr } from './decode-shifted.ts';

/**
 * Text of bytes in a MIME charset. Unknown charsets, us-ascii and UTF-8 that is none fall back to UTF-8 where the bytes are valid, else
 * to windows-1252. The result never holds NUL or a lone surrogate (Postgres stores neither).
 */
export function decodeCharset(bytes: Buffer, charset: string | undefined): string {
  const name = canonicalName(charset);
  if (!isStatefulCharset(name) && isAscii(bytes)) return withoutNul(bytes.toString('latin1'));
  if (ISO_2022_JP.test(name)) return storable(decodeIso2022Jp(bytes));
  if (ISO_2022_KR.test(name)) return storable(decodeIso2022Kr(bytes));
  if (HZ.test(name)) return storable(decodeHz(bytes));
  if (AS_UTF8.has(name) || !isKnown(name)) return decodeUtf8OrWestern(bytes);
  return storable(iconv.decode(bytes, name));
}

/** 8-bit bytes of no known charset, as in headers. */
export function decodeUtf8OrWestern(bytes: Buffer): string {
  if (isUtf8(bytes)) return withoutNul(bytes.toString('utf8'));
  return storable(iconv.decode(bytes, 'windows-1252'));
}

/** Charsets whose 7-bit bytes are not ASCII, or that carry a state from byte to byte: pieces are decoded each by itself. */
export function isStatefulCharset(name: string): boolean {
  return /^(utf-?(7|16|32)|unicode|(cs)?iso-?2022|hz|ucs-?[24])/.test(name);
}

/** Text without NUL and lone surrogates. */
export function storable(text: string): string {
  return withoutNul(text.isWellFormed() ? text : text.toWellFormed());
}

/** iconv-lite does not know it, Node does. An escape sequence right behind another is legal in mail, but an error in Node's decoder. */
function decodeIso2022Jp(bytes: Buffer): string {
  const text = bytes.toString('latin1').replace(USELESS_ESCAPE, '');
  return new TextDecoder('iso-2022-jp').decode(Buffer.from(text, 'latin1'));
}

function canonicalName(charset: string | undefined): string {
  const name = (charset ?? '').trim().toLowerCase();
  if (name.length > MAX_NAME) return '';
  // RFC 2231 allows a language behind it; x- was put before names that have been registered since
  const plain = name.replace(/^["']|["']$|\*.*$/g, '').replace(/^x-(?=cp|windows|euc|mac)/, '');
  // what says Latin-1 is written by programs that mean windows-1252 (as the WHATWG encoding standard has it)
  return plain === 'iso-8859-1' || plain === 'latin1' || plain === 'iso_8859-1' ? 'windows-1252' : plain;
}

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
const MAX_NAME = 60;
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what this charset is made of
const USELESS_ESCAPE = /\x1b\([BJ](?=\x1b[($])/g;
const ISO_2022_JP = /^(cs)?iso-?2022-?jp/;
const ISO_2022_KR = /^(cs)?iso-?2022-?kr/;
const HZ = /^hz(-gb-?2312)?$/;
const AS_UTF8 = new Set(['', 'utf-8', 'utf8', 'us-ascii', 'ascii', 'ansi_x3.4-1968']);
