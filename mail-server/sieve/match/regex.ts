import { RE2JS } from 're2js';
import type { SieveLimits } from '../limits.ts';
import { translateRegex } from './translate-regex.ts';

/** A POSIX extended regular expression, leftmost and longest, in linear time. */
export interface Regex {
  /** the match and its groups, empty for those that took no part; null if nothing matches */
  match(text: string): string[] | null;
  test(text: string): boolean;
  /** instructions that it became */
  size: number;
}

export type RegexLimits = Pick<SieveLimits, 'regexBytes' | 'regexProgram' | 'regexWork'>;

/** Compiles a pattern of `:regex` (draft-ietf-sieve-regex); gives a sentence where it is none. */
export function compileRegex(pattern: string, ignoreCase: boolean, limits: RegexLimits): Regex | { sentence: string } {
  const { regexBytes, regexProgram, regexWork } = limits;
  if (Buffer.byteLength(pattern) > regexBytes) return { sentence: `the regular expression is longer than ${regexBytes} bytes` };
  const translated = translateRegex(pattern);
  if ('sentence' in translated) return translated;
  // known before it is compiled, which takes time as well
  if (translated.size > regexProgram) return { sentence: 'the regular expression is too complex' };
  try {
    const flags = RE2JS.LONGEST_MATCH | RE2JS.DOTALL | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    const compiled = RE2JS.compile(translated.source, flags);
    const size = Math.max(1, compiled.programSize());
    // the time of a match is that of both multiplied
    const most = Math.floor(regexWork / size);
    const within = (text: string): string => (text.length > most ? text.slice(0, most) : text);
    return {
      size,
      test: (text) => compiled.test(within(text)),
      match(text) {
        const matcher = compiled.matcher(within(text));
        if (!matcher.find()) return null;
        return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '');
      },
    };
  } catch (error) {
    return { sentence: `the regular expression is not valid: ${error instanceof Error ? error.message : 'unknown reason'}` };
  }
}
