import { decodeEncodedWords } from './decode-encoded-words.ts';

/** Where one field of a header block stands: offsets are characters of the block, which as latin1 are the bytes of the message. */
export interface FieldSpan {
  /** lower case; empty for a line that is no field */
  key: string;
  start: number;
  /** behind the colon; `start` for a line that is no field */
  valueStart: number;
  /** behind the line end of the last folded line */
  end: number;
}

/**
 * The one reader of header blocks (RFC 5322 section 2.2), given as latin1 text: what the door judges, what IMAP answers and what is
 * searched comes from here, so that all see the same fields. Folded lines belong to the field above. A name is printable ASCII, with white
 * space (also a fold) between it and the colon forgiven (section 4.5); every other line is one without a name. CRLF and bare LF end a
 * line, an empty line ends the block. Linear time; at most `most` fields are looked at.
 */
export function splitFields(block: string, most = Number.POSITIVE_INFINITY): FieldSpan[] {
  const fields: FieldSpan[] = [];
  let start = 0;
  while (start < block.length && fields.length < most) {
    let end = lineEnd(block, start);
    if (isBlank(block, start, end)) break;
    while (end < block.length && isWhiteSpace(block.charCodeAt(end))) end = lineEnd(block, end);
    fields.push(spanOf(block, start, end));
    start = end;
  }
  return fields;
}

function spanOf(block: string, start: number, end: number): FieldSpan {
  let nameEnd = start;
  while (nameEnd < end && isNameCharacter(block.charCodeAt(nameEnd))) nameEnd++;
  let colon = nameEnd;
  while (colon < end && isSpaceOrLineEnd(block.charCodeAt(colon))) colon++;
  if (nameEnd === start || colon >= end || block[colon] !== ':') return { key: '', start, valueStart: start, end };
  return { key: block.slice(start, nameEnd).toLowerCase(), start, valueStart: colon + 1, end };
}

/** The value between two offsets: line ends removed, the white space behind them kept, without white space at both ends. */
export function unfold(block: string, start: number, end: number): string {
  let from = start;
  while (from < end && isSpaceOrLineEnd(block.charCodeAt(from))) from++;
  let to = end;
  while (to > from && isSpaceOrLineEnd(block.charCodeAt(to - 1))) to--;
  const value = block.slice(from, to);
  return value.includes('\n') ? value.replace(/\r?\n/g, '') : value;
}

/** Offset of the empty line that ends the header of a message, or the message's length where there is none. */
export function headerEnd(message: Buffer): number {
  let start = 0;
  while (start < message.length) {
    const first = message[start];
    if (first === 10 || (first === 13 && message[start + 1] === 10)) return start;
    const newline = message.indexOf(10, start);
    start = newline < 0 ? message.length : newline + 1;
  }
  return start;
}

/** The header of a message with what its fields say, as latin1 text. */
export class MessageHeader {
  readonly block: string;
  readonly fields: readonly FieldSpan[];

  constructor(message: Buffer) {
    this.block = message.toString('latin1', 0, headerEnd(message));
    this.fields = splitFields(this.block);
  }

  named(key: string): FieldSpan[] {
    return this.fields.filter((field) => field.key === key);
  }

  /** Of a field that may occur once the one that counts, as in findField (parse-header.ts). */
  last(key: string): FieldSpan | undefined {
    return this.fields.findLast((field) => field.key === key);
  }

  /** unfolded, one byte a character */
  value(field: FieldSpan): string {
    return unfold(this.block, field.valueStart, field.end);
  }

  /** the same as text, encoded words as they stand; for what programs read */
  text(field: FieldSpan): string {
    return Buffer.from(this.value(field), 'latin1').toString();
  }

  /** as people read it: in one line, encoded words decoded */
  shown(field: FieldSpan): string {
    return decodeEncodedWords(this.value(field)).replace(/[\s\p{Cc}]+/gu, ' ');
  }
}

/** The message without these fields of its header, every other byte as it was. */
export function withoutFields(message: Buffer, fields: readonly FieldSpan[]): Buffer {
  if (fields.length === 0) return message;
  const pieces: Buffer[] = [];
  let position = 0;
  for (const field of fields) {
    pieces.push(message.subarray(position, field.start));
    position = field.end;
  }
  pieces.push(message.subarray(position));
  return Buffer.concat(pieces);
}

/**
 * The name of a field, also as programs read it that leave out what they cannot show: of "Fr\0om:", of "From" with a no-break space, or with a
 * byte order mark before it. Lower case; empty for a line that is a field to nobody.
 */
export function nameToSome({ block }: MessageHeader, { key, start, end }: FieldSpan): string {
  if (key !== '') return key;
  const colon = block.slice(start, Math.min(end, start + longestDisguise)).indexOf(':');
  return colon < 0
    ? ''
    : block
        .slice(start, start + colon)
        .replace(/[^\x21-\x7e]/g, '')
        .toLowerCase();
}

const longestDisguise = 1_000;

/** End of the line that begins at `start`, behind its line feed. */
function lineEnd(block: string, start: number): number {
  const newline = block.indexOf('\n', start);
  return newline < 0 ? block.length : newline + 1;
}

function isBlank(block: string, start: number, end: number): boolean {
  const first = block.charCodeAt(start);
  return first === 10 || (first === 13 && end === start + 2);
}

const isWhiteSpace = (code: number): boolean => code === 32 || code === 9;
const isSpaceOrLineEnd = (code: number): boolean => code === 32 || code === 9 || code === 10 || code === 13;
/** ftext of RFC 5322 section 3.6.8 */
const isNameCharacter = (code: number): boolean => code > 32 && code < 127 && code !== 58;
