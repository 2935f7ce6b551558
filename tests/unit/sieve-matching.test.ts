import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { findComparator } from '#mail-server/sieve/match/comparator.ts';
import { compileGlob, matchGlob } from '#mail-server/sieve/match/glob.ts';
import { compileKey } from '#mail-server/sieve/match/key.ts';
import { compileRegex } from '#mail-server/sieve/match/regex.ts';
import { DEFAULT_SIEVE_LIMITS } from '#mail-server/sieve/limits.ts';

/** The same in the simplest way, which takes forever on hostile patterns: every star takes as little as it can, the first ones first. */
function slowMatch(pattern: readonly string[], text: readonly string[]): string[] | null {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0 ? [] : null;
  if (first === '*') {
    for (let length = 0; length <= text.length; length++) {
      const found = slowMatch(rest, text.slice(length));
      if (found !== null) return [text.slice(0, length).join(''), ...found];
    }
    return null;
  }
  const [char, ...others] = text;
  if (char === undefined || (first !== '?' && first !== char)) return null;
  const found = slowMatch(rest, others);
  return found === null ? null : first === '?' ? [char, ...found] : found;
}

const match = (pattern: string, text: string): string[] | null =>
  matchGlob(
    compileGlob(pattern, (value) => value),
    text,
  )?.map(([start, end]) => text.slice(start, end)) ?? null;

describe(':matches', () => {
  it('finds the same values as trying everything', () => {
    const letters = (of: string, length: number) => fc.array(fc.constantFrom(...of), { maxLength: length });
    fc.assert(
      fc.property(letters('ab*?', 9), letters('ab', 12), (pattern, text) => {
        expect(match(pattern.join(''), text.join(''))).toEqual(slowMatch(pattern, text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('finds a segment with question marks wherever it begins, also beyond a word of bits', () => {
    const segment = `${'a?'.repeat(40)}b`;
    for (const before of [0, 1, 30, 31, 32, 100]) {
      const text = `${'a'.repeat(before)}${'ax'.repeat(40)}b`;
      expect(match(`*${segment}*`, `${text}tail`)?.[0]).toBe('a'.repeat(before));
      expect(match(`*${segment}c*`, text)).toBeNull();
    }
  });

  it('takes a backslash for the next character as it is', () => {
    expect(match('a\\*b', 'a*b')).toEqual([]);
    expect(match('a\\*b', 'axb')).toBeNull();
    expect(match('\\\\?', '\\x')).toEqual(['x']);
    expect(match('a\\', 'a\\')).toEqual([]);
  });
});

test.each([20, 64, 65, 200])(':contains finds a key of %d characters with a picture among them', (length) => {
  const key = `🎉${'ab'.repeat(100).slice(0, length)}`;
  for (const name of ['i;octet', 'i;ascii-casemap', 'i;unicode-casemap']) {
    const comparator = findComparator(name);
    if (!comparator) throw new Error(name);
    const options = { limits: DEFAULT_SIEVE_LIMITS, keep: false, charge: () => undefined, decide: () => false };
    const found = compileKey(key, 'contains', comparator, options);
    if ('sentence' in found) throw new Error(found.sentence);
    expect(found.match(`x🎄${key}y`), name).toBe(true);
    expect(found.match(`x🎄${key.slice(0, -1)}`), name).toBeNull();
  }
});

test.each<[pattern: string, text: string, groups: string[] | null]>([
  ['b(c|cd)(x?)', 'abcd', ['bcd', 'cd', '']],
  ['(a|ab)(c|bcd)(d*)', 'abcd', ['abcd', 'a', 'bcd', '']],
  ['[]a]+', 'x]a]', [']a]']],
  ['[^]a]+', ']xy', ['xy']],
  ['[\\w]+', 'w\\a', ['w\\']],
  ['[a-]+', 'x-a-', ['-a-']],
  ['[[:digit:][:upper:]]+', 'ab12CD', ['12CD']],
  ['[[.-.]a]', '-', ['-']],
  ['a**b', 'aab', ['aab']],
  ['(a+)?{2}', 'aa', ['aa']],
  ['a{,2}b', 'aab', ['aab']],
  ['x)', 'x)', ['x)']],
  ['\\(a\\)', '(a)', ['(a)']],
  ['^.$', 'ä', ['ä']],
  ['^.$', '😀', ['😀']],
  ['(?:a)', 'a', null],
  ['*a', 'a', null],
  ['a|*b', 'a', null],
  ['a{2,1}', 'a', null],
  ['(a', 'a', null],
  ['[a', 'a', null],
  ['[z-a]', 'a', null],
  ['a\\1', 'a', null],
])('the regular expression %s is read as the C library reads it', (pattern, text, groups) => {
  const regex = compileRegex(pattern, false, DEFAULT_SIEVE_LIMITS);
  const found = 'sentence' in regex ? null : regex.match(text);
  if (groups === null) expect('sentence' in regex).toBe(true);
  else expect(found?.slice(0, groups.length)).toEqual(groups);
});

test.each([
  ['i;ascii-numeric', '10', '9', 1],
  ['i;ascii-numeric', '007', '7x', 0],
  ['i;ascii-numeric', 'x', '9', 1],
  ['i;ascii-numeric', 'x', 'y', 0],
  ['i;ascii-casemap', 'a', 'A', 0],
  ['i;ascii-casemap', 'ä', 'Ä', 1],
  ['i;octet', 'a', 'A', 1],
  ['i;octet', '\uffff', '😀', -1],
  ['i;unicode-casemap', 'ä', 'Ä', 0],
  ['i;unicode-casemap', 'ﬁ', 'FI', 0],
])('%s compares %s with %s', (name, left, right, expected) => {
  expect(Math.sign(findComparator(name)?.compare(left, right) ?? Number.NaN)).toBe(expected);
});
