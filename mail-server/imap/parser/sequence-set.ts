import { ParseError } from './parse-error.ts';

/** The largest number or UID in use. */
export const STAR = Number.POSITIVE_INFINITY;

/** `$`, or ranges as the client wrote them, low to high, ascending, merged. "*" is STAR until it is resolved against a folder. */
export type SequenceSet = { saved: true } | { saved: false; ranges: Array<[low: number, high: number]> };

/** Parses sequence-set of RFC 9051 section 9: "1", "2:4", "*", "4:*", "1,3:5", "$". Numbers are 1 to 2^32-1. */
export function parseSequenceSet(text: string): SequenceSet {
  if (text === '$') return { saved: true };
  const ranges: Array<[number, number]> = [];
  for (const piece of text.split(',')) {
    const match = /^(\*|[1-9]\d{0,9})(?::(\*|[1-9]\d{0,9}))?$/.exec(piece);
    if (!match) throw new ParseError('Bad message set');
    const first = numberOrStar(match[1] ?? '');
    const second = match[2] === undefined ? first : numberOrStar(match[2]);
    ranges.push(first <= second ? [first, second] : [second, first]);
  }
  return { saved: false, ranges: merge(ranges) };
}

function numberOrStar(text: string): number {
  if (text === '*') return STAR;
  const value = Number(text);
  if (value > 4_294_967_295) throw new ParseError('Number is too large');
  return value;
}

/** Sorts and joins what overlaps or touches. A lone "*" stays a range of its own: what it means is not known yet. */
function merge(ranges: Array<[number, number]>): Array<[number, number]> {
  ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: Array<[number, number]> = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last && range[0] <= last[1] + 1) last[1] = Math.max(last[1], range[1]);
    else merged.push(range);
  }
  return merged;
}
