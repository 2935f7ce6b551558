import { onceFor } from '../../../lib/config/once-for.ts';

/** Characters between two stars of a pattern. */
export interface Segment {
  length: number;
  /** folded characters; null for `?` */
  chars: readonly (string | null)[];
  /** places of `?` in it */
  wildcards: readonly number[];
}

export function makeSegment(chars: readonly (string | null)[], fold: (text: string) => string): Segment {
  const wildcards: number[] = [];
  for (const [at, char] of chars.entries()) if (char === null) wildcards.push(at);
  return { length: chars.length, chars: chars.map((char) => (char === null ? null : fold(char))), wildcards };
}

type Characters = string | readonly string[];

export function matchesAt({ chars, length }: Segment, text: Characters, at: number): boolean {
  if (at + length > text.length) return false;
  for (let i = 0; i < length; i++) {
    const char = chars[i];
    if (char !== null && char !== text[at + i]) return false;
  }
  return true;
}

/** First place of the segment from `from` on, or -1. */
export function findSegment(segment: Segment, text: Characters, from: number): number {
  if (segment.length === 0) return from <= text.length ? from : -1;
  return segment.wildcards.length === 0 ? findPlain(segment, text, from) : findWithWildcards(segment, text, from);
}

/** Knuth, Morris and Pratt: every character of the text is looked at twice at most, whatever the pattern. */
function findPlain(segment: Segment, text: Characters, from: number): number {
  const { chars, length } = segment;
  const failure = failureTable(segment);
  let matched = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    while (matched > 0 && chars[matched] !== char) matched = failure[matched - 1] ?? 0;
    if (chars[matched] === char) matched++;
    if (matched === length) return at - length + 1;
  }
  return -1;
}

const failureTable = onceFor(({ chars, length }: Segment) => {
  const table = new Int32Array(length);
  for (let at = 1, matched = 0; at < length; at++) {
    while (matched > 0 && chars[matched] !== chars[at]) matched = table[matched - 1] ?? 0;
    if (chars[matched] === chars[at]) matched++;
    table[at] = matched;
  }
  return table;
});

/**
 * With `?` inside: the set of all prefixes that end at a character is kept as bits and shifted on (Shift-And), 31 places of the pattern a
 * step. Patterns stand in scripts and are short; texts may be long.
 */
function findWithWildcards(segment: Segment, text: Characters, from: number): number {
  const { length } = segment;
  const { masks, any } = bitMasks(segment);
  const words = any.length;
  const state = new Int32Array(words);
  const lastWord = words - 1;
  const goal = 1 << ((length - 1) % WORD);
  for (let at = from; at < text.length; at++) {
    const mask = masks.get(text[at] ?? '') ?? any;
    let carry = 1;
    for (let word = 0; word < words; word++) {
      const before = state[word] ?? 0;
      state[word] = ((before << 1) | carry) & (mask[word] ?? 0);
      carry = (before >>> (WORD - 1)) & 1;
    }
    if (((state[lastWord] ?? 0) & goal) !== 0) return at - length + 1;
  }
  return -1;
}

interface Masks {
  masks: Map<string, Int32Array>;
  /** of characters that the pattern does not name */
  any: Int32Array;
}

const bitMasks = onceFor(({ chars, length, wildcards }: Segment): Masks => {
  const any = new Int32Array(Math.ceil(length / WORD));
  for (const at of wildcards) setBit(any, at);
  const masks = new Map<string, Int32Array>();
  for (const [at, char] of chars.entries()) {
    if (char === null) continue;
    const mask = masks.get(char) ?? Int32Array.from(any);
    setBit(mask, at);
    masks.set(char, mask);
  }
  return { masks, any };
});

function setBit(bits: Int32Array, at: number): void {
  const word = Math.floor(at / WORD);
  bits[word] = (bits[word] ?? 0) | (1 << (at % WORD));
}

const WORD = 31;
