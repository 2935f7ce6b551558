import { headerEnd, splitFields } from './read-header.ts';

/**
 * HEADER.FIELDS and with `not` HEADER.FIELDS.NOT (RFC 9051 section 6.4.5): the fields of a header block with these names (any case), or
 * all others, byte for byte and in their order, with the empty line that ends the block (a block without one has none to give).
 */
export function selectFields(header: Buffer, names: readonly string[], not: boolean): Buffer {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const end = headerEnd(header);
  const pieces = splitFields(header.toString('latin1', 0, end))
    .filter(({ key }) => wanted.has(key) !== not)
    .map((field) => header.subarray(field.start, field.end));
  const blank = header.indexOf(10, end);
  if (end < header.length && blank >= 0) pieces.push(header.subarray(end, blank + 1));
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
}
