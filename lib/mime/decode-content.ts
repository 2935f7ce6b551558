import { decodeUuencode } from './uuencode.ts';

/**
 * Undoes a Content-Transfer-Encoding (RFC 2045 section 6). Never fails: what is no code is kept (quoted-printable) or skipped (base64).
 * 7bit, 8bit, binary and unknown encodings give the bytes as they are (no copy).
 */
export function decodeContent(body: Buffer, encoding: string): Buffer {
  switch (encoding) {
    case 'base64':
      return decodeBase64(body);
    case 'quoted-printable':
      return decodeQuotedPrintable(body);
    case 'x-uuencode':
      return decodeUuencode(body);
    default:
      return body;
  }
}

/** Whether `decodeContent` knows the encoding (BINARY must answer UNKNOWN-CTE otherwise, RFC 3516 section 4.3). */
export function isKnownEncoding(encoding: string): boolean {
  return ['7bit', '8bit', 'binary', 'base64', 'quoted-printable'].includes(encoding);
}

/** Skips all that is not in the alphabet. Padding may stand in the middle, where somebody glued encoded pieces together. */
export function decodeBase64(body: Buffer): Buffer {
  const padding = body.indexOf(61);
  if (padding < 0 || padding >= body.length - 6) return Buffer.from(body.toString('latin1'), 'base64');
  return decodeGlued(body);
}

/**
 * The same for text. Where a mailing list put its lines below somebody's base64, or nothing of the body is base64 at all, what is plain is
 * read as it stands. What is text once it is decoded was code, whatever signs and blanks somebody put into it: other programs skip them, and a
 * filter that does not would read nothing.
 */
export function decodeBase64Text(body: Buffer): Buffer {
  const plain = plainFrom(body);
  if (plain === body.length) return decodeBase64(body);
  const code = decodeBase64(body.subarray(0, plain));
  const whole = decodeBase64(Buffer.from(body.toString('latin1').replace(DRAWN_LINES, ''), 'latin1'));
  if (isText(whole.subarray(code.length))) return whole;
  return Buffer.concat([code, Buffer.from(plain > 0 ? '\n' : ''), body.subarray(plain)]);
}

/** Words that are taken for base64 become octets of all kinds, of which a third looks like text. */
function isText(bytes: Buffer): boolean {
  let good = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceAt(bytes, at);
    if (length > 0) good += length;
    at += Math.max(length, 1);
  }
  return bytes.length > 0 && good >= 0.8 * bytes.length;
}

/** How many octets a printable sign of UTF-8 has there; 0 for none. */
function sequenceAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return (first >= 32 && first !== 127) || first === 9 || first === 10 || first === 13 ? 1 : 0;
  const length = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let next = 1; next < length; next++) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Where the first line begins that cannot be base64: a drawn line, words, or signs that no program puts there by mistake. */
function plainFrom(body: Buffer): number {
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf(10, start);
    const end = newline < 0 ? body.length : newline;
    const line = body.toString('latin1', start, Math.min(end, start + LOOKED_AT));
    if (DRAWN.test(line) || areWords(line) || (line.match(FOREIGN)?.length ?? 0) >= 2) return start;
    start = end + 1;
  }
  return body.length;
}
/** More than half of it is words. Code that somebody parted, wherever, is not: its large and small letters and its digits are mixed. */
function areWords(line: string): boolean {
  const pieces = line.trim().split(/\s+/);
  const signs = (some: readonly string[]): number => some.reduce((sum, { length }) => sum + length, 0);
  return pieces.length > 1 && 2 * signs(pieces.filter((piece) => WORD.test(piece))) > signs(pieces);
}
const WORD = /^[A-Z]?[a-z]{2,}[.,;:!?]?$/;
const LOOKED_AT = 1000;
const DRAWN_LINES = /^[-_=*~#]{5,}[ \t\r]*$/gm;
const DRAWN = /^(?:[-_=*~#]{5,}\s*|-- ?\r?)$/;
const FOREIGN = /[^A-Za-z0-9+/=_\s-]/g;

const decodeGlued = (body: Buffer): Buffer => base64Decoder()(body);

/**
 * Decodes base64 that comes in chunks, cut anywhere. Padding ends a piece and the next one begins anew. Byte by byte: megabytes of "="
 * must cost neither memory nor time.
 */
export function base64Decoder(): (chunk: Buffer) => Buffer {
  let bits = 0;
  let count = 0;
  return (chunk) => {
    const result = Buffer.allocUnsafe(Math.ceil((chunk.length * 3) / 4) + 1);
    let to = 0;
    for (const byte of chunk) {
      const value = SIX_BITS[byte] ?? -1;
      // behind a single sign it can be no padding
      if (byte === 61 && count !== 6) count = 0;
      if (value < 0) continue;
      bits = ((bits << 6) | value) & 0xffff;
      count += 6;
      if (count < 8) continue;
      count -= 8;
      result[to++] = (bits >> count) & 0xff;
    }
    return result.subarray(0, to);
  };
}

/** Line ends stay as they are; white space before a line end is dropped (RFC 2045 section 6.7 rule 3). */
export function decodeQuotedPrintable(body: Buffer): Buffer {
  const result = Buffer.allocUnsafe(body.length);
  const length = body.length;
  let to = 0;
  let kept = 0;
  let at = 0;
  while (at < length) {
    const byte = body[at] ?? 0;
    if (byte === 61) {
      const high = HEX[body[at + 1] ?? 0] ?? -1;
      const low = high < 0 ? -1 : (HEX[body[at + 2] ?? 0] ?? -1);
      if (low >= 0) {
        result[to++] = high * 16 + low;
        kept = to;
        at += 3;
        continue;
      }
      const next = softBreakEnd(body, at + 1);
      if (next >= 0) {
        kept = to;
        at = next;
        continue;
      }
    } else if (byte === 10 || (byte === 13 && body[at + 1] === 10)) to = kept;
    result[to++] = byte;
    if (byte !== 32 && byte !== 9) kept = to;
    at++;
  }
  return result.subarray(0, to);
}

/** Behind "=": white space and a line end are a soft line break, also at the very end. Position behind it, or -1. */
function softBreakEnd(body: Buffer, start: number): number {
  let at = start;
  while (at < body.length && at < start + 100 && (body[at] === 32 || body[at] === 9)) at++;
  if (at >= body.length) return at;
  if (body[at] === 10) return at + 1;
  if (body[at] === 13 && body[at + 1] === 10) return at + 2;
  return -1;
}

const HEX = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
  HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

const SIX_BITS = new Int8Array(256).fill(-1);
for (const [value, digit] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  SIX_BITS[digit.charCodeAt(0)] = value;
}
// what Node's own decoder takes as well (base64url)
SIX_BITS[45] = 62;
SIX_BITS[95] = 63;
