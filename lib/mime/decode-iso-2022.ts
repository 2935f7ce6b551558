/**
 * The 7-bit charsets of East Asia (RFC 1468, RFC 1557, RFC 1922, RFC 1843): escapes or shifts change what the following bytes mean. They
 * are brought to the 8-bit charset of the same characters, which the decoders know. Linear time, and no input fails.
 */

/** iconv-lite does not know it, Node does. An escape sequence right behind another is legal in mail, but an error in Node's decoder. */
export function decodeIso2022Jp(bytes: Buffer): string {
  const text = bytes.toString('latin1').replace(USELESS_ESCAPE, '').replace(HALF_WIDTH, toHalfWidth);
  return new TextDecoder('iso-2022-jp').decode(Buffer.from(text, 'latin1'));
}

/** Whether 7-bit bytes of no named charset are ISO-2022-JP: nothing else holds these escapes. */
export const hasJapaneseEscape = (bytes: Buffer): boolean => bytes.includes(ESCAPE_B) || bytes.includes(ESCAPE_AT);

/** The designation that ISO-2022-KR begins with (RFC 1557). */
export const hasKoreanEscape = (bytes: Buffer): boolean => bytes.includes(DESIGNATION_KR);

/** ISO-2022-KR and -CN to EUC: designations go, what stands between SO and SI gets its eighth bit. A line end shifts in. */
export function decodeShifted(bytes: Buffer): Buffer {
  const result = Buffer.allocUnsafe(bytes.length);
  let to = 0;
  let shifted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 27 && bytes[at + 1] === 36 && (bytes[at + 2] === 41 || bytes[at + 2] === 42)) at += 3;
    else if (byte === 14) shifted = true;
    else if (byte === 15) shifted = false;
    else {
      if (byte === 10) shifted = false;
      result[to++] = shifted && byte > 32 && byte < 127 ? byte | 0x80 : byte;
    }
  }
  return result.subarray(0, to);
}

/** HZ (RFC 1843) to GB 2312: "~{" to "~}" holds pairs, "~~" is a tilde, "~" at a line's end goes on in the next. */
export function decodeHz(bytes: Buffer): Buffer {
  const result = Buffer.allocUnsafe(bytes.length);
  let to = 0;
  let inPairs = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const next = bytes[at + 1];
    if (byte === 126 && next !== undefined && (next === 123 || next === 125 || next === 126 || next === 10)) {
      if (next === 123) inPairs = true;
      else if (next === 125) inPairs = false;
      else if (next === 126) result[to++] = 126;
      at++;
    } else {
      if (byte === 10) inPairs = false;
      result[to++] = inPairs && byte > 32 && byte < 127 ? byte | 0x80 : byte;
    }
  }
  return result.subarray(0, to);
}

const ESCAPE_B = Buffer.from('\x1b$B');
const DESIGNATION_KR = Buffer.from('\x1b$)C');
const ESCAPE_AT = Buffer.from('\x1b$@');
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what this charset is made of
const USELESS_ESCAPE = /\x1b\([BJ](?=\x1b[($])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: SO and SI: half-width katakana as some programs write it
const HALF_WIDTH = /\x0e([^\x0f\x1b\n]*)\x0f?/g;
const toHalfWidth = (_: string, letters: string): string => `\x1b(I${letters}\x1b(B`;
