import type { Comparator } from './comparator.ts';
import { compileGlob, matchGlob, type Subject } from './glob.ts';
import { compileRegex, type RegexLimits } from './regex.ts';

export type MatchType = 'is' | 'contains' | 'matches' | 'regex' | 'count' | 'value';

/** Compares a value with one prepared key: null if they do not match, match values where there are any to keep. */
export type Key = (value: string) => true | string[] | null;

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
      return options.keep ? (value) => regex.match(value) : (value) => (regex.test(value) ? true : null);
    }
    case 'value':
      return (value) => (options.decide(comparator.compare(value, key)) ? true : null);
    default:
      return (value) => (fold(value) === folded ? true : null);
  }
}

/** The search of the engine is quadratic for keys that repeat themselves, so long ones go the way of patterns. */
function containsKey(folded: string, fold: (text: string) => string): Key {
  if (folded.length <= SHORT) return (value) => (fold(value).includes(folded) ? true : null);
  const glob = compileGlob(`*${folded.replace(/[\\*?]/g, '\\$&')}*`, (text) => text);
  return (value) => (matchGlob(glob, fold(value)) === null ? null : true);
}

function globKey(pattern: string, { fold }: Comparator, keep: boolean): Key {
  if (pattern === '*') return (value) => (keep ? [value, value] : true);
  const glob = compileGlob(pattern, fold);
  return (value) => {
    const { folded, original } = subject(value, fold);
    const places = matchGlob(glob, folded);
    if (places === null) return null;
    return keep ? [value, ...places.slice(0, MATCH_VALUES - 1).map(([start, end]) => original(start, end))] : true;
  };
}

/** `?` is one character, so what has surrogates, or folds to another length, is laid out one character a place. */
function subject(value: string, fold: (text: string) => string): { folded: Subject; original(start: number, end: number): string } {
  const folded = fold(value);
  if (folded.length === value.length && !SURROGATES.test(value)) return { folded, original: (start, end) => value.slice(start, end) };
  const characters = Array.from(value);
  return { folded: characters.map(fold), original: (start, end) => characters.slice(start, end).join('') };
}

const SHORT = 64;
const MATCH_VALUES = 33;
const SURROGATES = /[\ud800-\udfff]/;
