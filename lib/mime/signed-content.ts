import { decodeContent } from './decode-content.ts';
import type { Entity } from './entity.ts';
import type { MimeLimits } from './limits.ts';
import { scanLetter, type ScannedLetter } from './scan-letter.ts';

/** What stands in a SignedData of CMS (RFC 5652 section 5.1), in BER or DER. Linear time; no signature is looked at. */

interface Element {
  tag: number;
  start: number;
  /** null: it goes on until two zeros stand where the next should begin */
  end: number | null;
}

const deepest = 20;
const sequence = 0x30;
const context0 = 0xa0;
const octets = 0x04;
const octetsInPieces = 0x24;
const signedData = Buffer.from('06092a864886f70d010702', 'hex');

function elementAt(bytes: Buffer, at: number): Element | null {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
  if (first === 0x80) return (tag & 0x20) === 0 ? null : { tag, start: at + 2, end: null };
  const size = first & 0x7f;
  const start = at + 2 + size;
  return size > 4 || start > bytes.length ? null : { tag, start, end: start + bytes.readUIntBE(at + 2, size) };
}

/** Where the next one begins. */
function behind(bytes: Buffer, { start, end }: Element, depth = 0): number | null {
  if (end !== null) return end;
  for (let at: number | null = start; at !== null && depth < deepest; ) {
    if (bytes[at] === 0 && bytes[at + 1] === 0) return at + 2;
    const inner: Element | null = elementAt(bytes, at);
    at = inner && behind(bytes, inner, depth + 1);
  }
  return null;
}

/** The letter or file inside a signature around it; null if these bytes are none, or end in the middle, unless the `beginning` of it is enough. */
export function unwrapSigned(given: Uint8Array, beginning = false): Buffer | null {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const enter = (at: number | null, tag: number): number | null => {
    const element = at === null ? null : elementAt(bytes, at);
    return element?.tag === tag ? element.start : null;
  };
  const skip = (at: number | null): number | null => {
    const element = at === null ? null : elementAt(bytes, at);
    return element && behind(bytes, element);
  };
  const type = enter(0, sequence);
  if (type === null || !bytes.subarray(type, type + signedData.length).equals(signedData)) return null;
  // behind the version and the digests
  const content = enter(skip(skip(enter(enter(type + signedData.length, context0), sequence))), sequence);
  const at = enter(skip(content), context0);
  const element = at === null ? null : elementAt(bytes, at);
  const pieces: Buffer[] = [];
  const whole = element !== null && collect(bytes, element, pieces, 0);
  return whole || (beginning && pieces.length > 0) ? Buffer.concat(pieces) : null;
}

/** A letter or part of one, and not any file: with a header that says what it is, or with an empty one (RFC 2046 section 5.1). */
export const isEntity = (raw: Buffer, { fields }: Entity): boolean =>
  fields.some(({ key }) => key.startsWith('content-')) || /^\r?\n/.test(raw.toString('latin1', 0, 2));

/** Somebody may sign what somebody else has signed; more is made to cost time. */
export const deepestSigned = 4;

/** The letter in a part that is one as a whole (plan-letter.ts), as far as `packed`, the beginning of its body, goes; null if there is none. */
export function signedLetter(packed: Buffer, encoding: string, limits: MimeLimits): ScannedLetter | null {
  const inside = unwrapSigned(decodeContent(packed, encoding), true);
  const letter = inside && scanLetter(inside, limits);
  return letter && isEntity(letter.raw, letter.root) ? letter : null;
}

/** Long ones come in pieces. False: not all of it is there. */
function collect(bytes: Buffer, element: Element, pieces: Buffer[], depth: number): boolean {
  const { tag, start, end } = element;
  if (tag === octets && end !== null) {
    pieces.push(bytes.subarray(start, end));
    return end <= bytes.length;
  }
  if (tag !== octetsInPieces || depth >= deepest) return false;
  for (let at = start; at !== end; ) {
    if (end === null && bytes[at] === 0 && bytes[at + 1] === 0) return true;
    const piece = elementAt(bytes, at);
    if (!piece || (end !== null && at > end) || !collect(bytes, piece, pieces, depth + 1)) return false;
    const next = behind(bytes, piece);
    if (next === null) return false;
    at = next;
  }
  return true;
}
