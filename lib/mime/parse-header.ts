/** One header field. Strings hold one byte a character (latin1), so the bytes of the message can be had back from them. */
export interface HeaderField {
  /** as it stands; empty for a line that is no field */
  name: string;
  /** lower case */
  key: string;
  /** unfolded (line ends removed, the white space behind them kept), without white space at both ends */
  value: string;
}

/**
 * Splits a header block (RFC 5322 section 2.2) given as latin1 text into its fields, in order. A line without a colon becomes a field
 * without a name; a continuation line with nothing to continue is such a line too. At most `maxLines` lines are looked at.
 */
export function parseHeader(block: string, maxLines: number): HeaderField[] {
  const fields: HeaderField[] = [];
  let start = 0;
  let lines = 0;
  while (start < block.length && lines < maxLines) {
    let end = lineEnd(block, start);
    lines++;
    if (isBlank(block, start, end)) break;
    while (end < block.length && lines < maxLines && isWhiteSpace(block.charCodeAt(end))) {
      end = lineEnd(block, end);
      lines++;
    }
    fields.push(parseField(block, start, end));
    start = end;
  }
  return fields;
}

/** First field of that (lower case) name, or undefined. */
export function findField(fields: readonly HeaderField[], key: string): string | undefined {
  for (const field of fields) if (field.key === key) return field.value;
  return undefined;
}

/**
 * Last field of that (lower case) name, or undefined: of a field that may occur once, DKIM verifies the last one (RFC 6376 section 5.4.2), so
 * this is the one to show; somebody may have put a forged one on top.
 */
export function findLastField(fields: readonly HeaderField[], key: string): string | undefined {
  return fields.findLast((field) => field.key === key)?.value;
}

function parseField(block: string, start: number, end: number): HeaderField {
  let nameEnd = start;
  while (nameEnd < end && !isNameEnd(block.charCodeAt(nameEnd))) nameEnd++;
  // obsolete syntax allows white space before the colon, never inside the name
  let colon = nameEnd;
  while (colon < end && isWhiteSpace(block.charCodeAt(colon))) colon++;
  if (nameEnd === start || block[colon] !== ':') return { name: '', key: '', value: unfold(block, start, end) };
  const name = block.slice(start, nameEnd);
  return { name, key: name.toLowerCase(), value: unfold(block, colon + 1, end) };
}

function unfold(block: string, start: number, end: number): string {
  let from = start;
  while (from < end && isSpaceOrLineEnd(block.charCodeAt(from))) from++;
  let to = end;
  while (to > from && isSpaceOrLineEnd(block.charCodeAt(to - 1))) to--;
  const value = block.slice(from, to);
  return value.includes('\n') ? value.replace(/\r?\n/g, '') : value;
}

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
const isNameEnd = (code: number): boolean => code === 58 || isSpaceOrLineEnd(code);
