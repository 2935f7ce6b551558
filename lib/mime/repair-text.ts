import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** What programs on the way made of characters, undone where it can be nothing else. Linear time. */

/**
 * Text that was UTF-8, read as windows-1252 and written as UTF-8 once more: "GrÃ¼ÃŸe" was "Grüße". Two letters at least must say so, and
 * none may say otherwise.
 */
export function undoDoubleUtf8(text: string): string {
  if (!lead.test(text)) return text;
  const bytes = Buffer.allocUnsafe(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const byte = code < 128 ? code : byteOf.get(code);
    if (byte === undefined) return text;
    bytes[at] = byte;
  }
  if (!isUtf8(bytes)) return text;
  const found = bytes.toString('utf8');
  return text.length - found.length >= 2 ? found : text;
}

/** 0x80 to 0x9F mean something in the charsets of Windows only, which then is what was meant (as the WHATWG encoding standard has it). */
export const namedC1 = (text: string): string =>
  anyC1.test(text) ? text.replace(allC1, (sign) => windows[sign.charCodeAt(0) - 128] ?? '') : text;

/** Pairs of surrogates that were written as three bytes each (CESU-8), as some databases do, become UTF-8. */
export function joinSurrogates(bytes: Buffer): Buffer {
  if (!bytes.includes(0xed)) return bytes;
  const text = bytes.toString('latin1').replace(surrogates, (pair) => {
    const unit = (at: number): number => 0xd000 | ((pair.charCodeAt(at + 1) & 0x3f) << 6) | (pair.charCodeAt(at + 2) & 0x3f);
    return Buffer.from(String.fromCharCode(unit(0), unit(3))).toString('latin1');
  });
  return Buffer.from(text, 'latin1');
}

const lead = /[\u00c2-\u00f4][^\0-\x7f]/;
const anyC1 = /[\u0080-\u009f]/;
const allC1 = /[\u0080-\u009f]/g;
const surrogates = /\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]/g;

/** what windows-1252 has at 0x80 to 0x9F; five places are empty */
const windows = Array.from({ length: 32 }, (_, at) => {
  const sign = iconv.decode(Buffer.from([128 + at]), 'windows-1252');
  return anyC1.test(sign) || sign === '\ufffd' ? '' : sign;
});
const byteOf = new Map<number, number>();
for (let byte = 128; byte < 256; byte++) byteOf.set(byte, byte);
for (const [at, sign] of windows.entries()) if (sign !== '') byteOf.set(sign.charCodeAt(0), 128 + at);

/**
 * Signs that Word puts before lines and elsewhere, written as characters for private use: without its fonts they are drawn as nothing that
 * anybody knows. Those that one of the fonts means by a number, and no other.
 */
export const namedSigns = (text: string): string =>
  privateSign.test(text) ? text.replace(privateSigns, (sign) => signs.get(sign) ?? sign) : text;

const signs = new Map(
  Object.entries({
    '\uf04a': '☺',
    '\uf04c': '☹',
    '\uf06c': '●',
    '\uf06e': '■',
    '\uf076': '❖',
    '\uf0a7': '▪',
    '\uf0a8': '◻',
    '\uf0b7': '•',
    '\uf0d8': '➢',
    '\uf0e0': '→',
    '\uf0e8': '➔',
    '\uf0fb': '✗',
    '\uf0fc': '✓',
    '\uf0fe': '☑',
  }),
);
const privateSign = /[\uf04a-\uf0fe]/;
const privateSigns = /[\uf04a-\uf0fe]/g;
