import type { Word } from './word.ts';

/** A word of a list, or with "*" behind it whatever begins so. */
export interface Pattern {
  text: string;
  isCut: boolean;
}

export const patternOf = (written: string): Pattern =>
  written.endsWith('*') ? { text: written.slice(0, -1), isCut: true } : { text: written, isCut: false };

export const matches = ({ text, isCut }: Pattern, word: string): boolean => (isCut ? word.startsWith(text) : word === text);

/** Whether words that match all patterns stand from `at` on. */
export function standAt(patterns: readonly Pattern[], words: readonly Word[], at: number): boolean {
  if (at + patterns.length > words.length) return false;
  for (let offset = 0; offset < patterns.length; offset++) {
    const [pattern, word] = [patterns[offset], words[at + offset]];
    if (pattern === undefined || word === undefined || !matches(pattern, word.text)) return false;
  }
  return true;
}
