import { RE2JS } from 're2js';
import { translateRegex } from './translate-regex.ts';

/** A POSIX extended regular expression, leftmost and longest, in linear time. */
export interface Regex {
  /** the match and its groups, empty for those that took no part; null if nothing matches */
  match(text: string): string[] | null;
  test(text: string): boolean;
}

/** Compiles a pattern of `:regex` (draft-ietf-sieve-regex); gives a sentence where it is none. */
export function compileRegex(pattern: string, ignoreCase: boolean, maximumBytes: number): Regex | { sentence: string } {
  if (Buffer.byteLength(pattern) > maximumBytes) return { sentence: `the regular expression is longer than ${maximumBytes} bytes` };
  const translated = translateRegex(pattern);
  if (typeof translated !== 'string') return translated;
  try {
    const flags = RE2JS.LONGEST_MATCH | RE2JS.DOTALL | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    const compiled = RE2JS.compile(translated, flags);
    return {
      test: (text) => compiled.test(text),
      match(text) {
        const matcher = compiled.matcher(text);
        if (!matcher.find()) return null;
        return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '');
      },
    };
  } catch (error) {
    return { sentence: `the regular expression is not valid: ${error instanceof Error ? error.message : 'unknown reason'}` };
  }
}
