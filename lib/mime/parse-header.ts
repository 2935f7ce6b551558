import { splitFields, unfold } from './read-header.ts';

/** One header field. Strings hold one byte a character (latin1), so the bytes of the message can be had back from them. */
export interface HeaderField {
  /** as it stands; empty for a line that is no field */
  name: string;
  /** lower case */
  key: string;
  /** unfolded (line ends removed, the white space behind them kept), without white space at both ends */
  value: string;
}

/** The fields of a header block given as latin1 text, in order, with their values. At most `maxLines` lines are looked at. */
export function parseHeader(block: string, maxLines: number): HeaderField[] {
  return splitFields(block, maxLines).map(({ key, start, valueStart, end }) => ({
    name: block.slice(start, start + key.length),
    key,
    value: unfold(block, valueStart, end),
  }));
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
