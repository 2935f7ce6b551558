import type { Comparator } from './comparator.ts';
import { compileGlob, matchGlob, type Subject } from './glob.ts';
import { compileRegex, type RegexLimits } from './regex.ts';
import { findSegment, makeSegment } from './segment.ts';

export type MatchType = 'is' | 'contains' | 'matches' | 'regex' | 'count' | 'value';

/** One prepared key. */
export interface Key {
  /** null if the value does not match, match values where there are any to keep */
  match(value: string): true | string[] | null;
  /** steps that this takes for a value of that length; known before, so that nobody begins what may not be ended */
  cost(length: number): number;
}

interface KeyOptions {
  limits: RegexLimits;
  /** match values are wanted */
  keep: boolean;
  /** told the size of each regular expression */
  charge(size: number): void;
  /** of :value */
  decide(difference: number): boolean;
}

export function compileKey(key: string, type: MatchType, comparator: Comparator, options: KeyOptions): Key | { sentence: string } {
  const { fold } = comparator;
  const folded = fold(key);
  switch (type) {
    case 'contains':
      return containsKey(folded, fold);
    case 'matches':
      return globKey(key, comparator, options.keep);
    case 'regex': {
      const regex = compileRegex(key, comparator.ignoresCase, options.limits);
      if ('sentence' in regex) return regex;
      options.charge(regex.size);
      const match: Key['match'] = options.keep ? (value) => regex.match(value) : (value) => (regex.test(value) ? true : null);
      return { match, cost: (length) => 1 + (Math.min(length * regex.size, options.limits.regexWork) >>> CHARACTERS) };
    }
    case 'value':
      return { match: (value) => (options.decide(comparator.compare(value, key)) ? true : null), cost: plainCost };
    default:
      return isKey(folded, comparator);
  }
}

/** What is longer or shorter is not equal, so it need not be folded. */
function isKey(folded: string, { fold, keepsLength }: Comparator): Key {
  const canBe = (length: number): boolean => !keepsLength || length === folded.length;
  return {
    match: (value) => (canBe(value.length) && fold(value) === folded ? true : null),
    cost: (length) => (canBe(length) ? plainCost(length) : 1),
  };
}

/** The search of the engine is quadratic for keys that repeat themselves, so long ones go the way of patterns. Both sides by their UTF-16 units. */
function containsKey(folded: string, fold: (text: string) => string): Key {
  if (folded.length <= SHORT) return { match: (value) => (fold(value).includes(folded) ? true : null), cost: plainCost };
  const segment = makeSegment(folded.split(''), (unit) => unit);
  return { match: (value) => (findSegment(segment, fold(value), 0) < 0 ? null : true), cost: plainCost };
}

function globKey(pattern: string, { fold, keepsLength }: Comparator, keep: boolean): Key {
  if (pattern === '*') return { match: (value) => (keep ? [value, value] : true), cost: () => 1 };
  const glob = keepsLength ? compileGlob(fold(pattern), (text) => text) : compileGlob(pattern, fold);
  const weight = glob.segments.reduce((sum, { wildcards, length }) => sum + (wildcards.length > 0 ? length >> 5 : 0), 1);
  const match: Key['match'] = (value) => {
    const { folded, original } = subject(value, fold);
    const places = matchGlob(glob, folded);
    if (places === null) return null;
    return keep ? [value, ...places.slice(0, MATCH_VALUES - 1).map(([start, end]) => original(start, end))] : true;
  };
  return { match, cost: (length) => 1 + Math.floor((length * weight) / 2 ** CHARACTERS) };
}

/** `?` is one character, so what has surrogates, or folds to another length, is laid out one character a place. */
function subject(value: string, fold: (text: string) => string): { folded: Subject; original(start: number, end: number): string } {
  const folded = fold(value);
  if (folded.length === value.length && !SURROGATES.test(value)) return { folded, original: (start, end) => value.slice(start, end) };
  const characters = Array.from(value);
  return { folded: characters.map(fold), original: (start, end) => characters.slice(start, end).join('') };
}

const plainCost = (length: number): number => 1 + (length >> CHARACTERS);

/** a step is so many characters, as a power of two */
const CHARACTERS = 6;
const SHORT = 64;
const MATCH_VALUES = 33;
const SURROGATES = /[\ud800-\udfff]/;
