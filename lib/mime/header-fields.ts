/**
 * HEADER.FIELDS and with `not` HEADER.FIELDS.NOT (RFC 9051 section 6.4.5): the fields of a header block with these names (any case), or
 * all others, byte for byte and in their order, with the empty line that ends the block (a block without one has none to give).
 */
export function headerFields(header: Buffer, names: readonly string[], not: boolean): Buffer {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const pieces: Buffer[] = [];
  let start = 0;
  while (start < header.length) {
    let end = lineEnd(header, start);
    if (isBlankLine(header, start, end)) {
      pieces.push(header.subarray(start, end));
      break;
    }
    while (end < header.length && (header[end] === 32 || header[end] === 9)) end = lineEnd(header, end);
    if (wanted.has(fieldName(header, start, end)) !== not) pieces.push(header.subarray(start, end));
    start = end;
  }
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
}

/** Lower case; empty for a line that is no field. */
function fieldName(header: Buffer, start: number, end: number): string {
  let colon = start;
  while (colon < end && header[colon] !== 58) colon++;
  return colon === end ? '' : header.toString('latin1', start, colon).trimEnd().toLowerCase();
}

function lineEnd(header: Buffer, start: number): number {
  const newline = header.indexOf(10, start);
  return newline < 0 ? header.length : newline + 1;
}

function isBlankLine(header: Buffer, start: number, end: number): boolean {
  return header[start] === 10 || (header[start] === 13 && end === start + 2);
}
