import { isUtf8 } from 'node:buffer';
import type { Parameter } from './parse-content-type.ts';
import { decodeCharset } from './decode-charset.ts';
import { decodeEncodedWords } from './decode-encoded-words.ts';

/**
 * Decoded value of a parameter: RFC 2231 with continuations (`filename*0*=`), charset (`filename*=`), or the plain one with RFC 2047
 * words in it, which is wrong and common. The RFC 2231 form wins over the plain one. Undefined if there is none. `decodeWords`: of RFC 2047.
 */
export function decodeParameter(
  parameters: readonly Parameter[],
  name: string,
  bodyCharset?: string,
  decodeWords = decodeEncodedWords,
): string | undefined {
  let plain: string | undefined;
  let whole: string | undefined;
  const pieces = new Map<number, { value: string; encoded: boolean }>();
  for (const parameter of parameters) {
    const key = parameter.name.toLowerCase();
    if (key === name) plain ??= parameter.value;
    else if (key === `${name}*`) whole ??= parameter.value;
    else if (key.startsWith(`${name}*`)) {
      const match = /^(\d{1,4})(\*?)$/.exec(key.slice(name.length + 1));
      if (match?.[1] && !pieces.has(Number(match[1]))) pieces.set(Number(match[1]), { value: parameter.value, encoded: match[2] === '*' });
    }
  }
  // beside pieces that have a beginning of their own it is the name as a whole
  if (whole !== undefined && pieces.has(0)) pieces.clear();
  if (whole !== undefined) pieces.set(0, { value: whole, encoded: true });
  // some programs count from one
  const first = pieces.has(0) ? 0 : 1;
  if (!pieces.has(first) || (first > 0 && plain !== undefined))
    return plain === undefined ? undefined : decodePlain(plain, bodyCharset, decodeWords);
  return join(pieces, first, bodyCharset, decodeWords);
}

/** Browsers' habit, taken over by some programs: a name in UTF-8, percent-encoded, and nothing that says so. */
function decodePlain(value: string, bodyCharset: string | undefined, decodeWords: typeof decodeEncodedWords): string {
  const bytes = /%[89a-f][0-9a-f]/i.test(value) ? Buffer.from(decodePercent(value), 'latin1') : null;
  return bytes && isUtf8(bytes) ? decodeCharset(bytes, 'utf-8') : decodeWords(value, bodyCharset);
}

function join(
  pieces: ReadonlyMap<number, { value: string; encoded: boolean }>,
  first: number,
  bodyCharset: string | undefined,
  decodeWords: typeof decodeEncodedWords,
): string {
  const bytes: Buffer[] = [];
  let charset: string | undefined;
  let anyEncoded = false;
  for (let i = first; ; i++) {
    const piece = pieces.get(i);
    if (piece === undefined) break;
    let { value } = piece;
    if (piece.encoded && i === first) {
      const match = /^([^']*)'[^']*'/.exec(value);
      if (match) {
        charset = match[1];
        value = value.slice(match[0].length);
      }
    }
    anyEncoded ||= piece.encoded;
    bytes.push(Buffer.from(piece.encoded ? decodePercent(value) : value, 'latin1'));
  }
  const all = Buffer.concat(bytes);
  const text = all.toString('latin1');
  // both ways at once: some programs encode what was encoded
  return anyEncoded && !/^=\?.*\?=$/.test(text) ? decodeCharset(all, charset) : decodeWords(text, bodyCharset);
}

function decodePercent(value: string): string {
  return value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
