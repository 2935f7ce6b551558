import { limits } from '../limits.ts';
import { systemFlags } from '../select/flags-text.ts';
import type { Cursor } from './cursor.ts';
import { ParseError } from './parse-error.ts';

/** "(" flags ")", with `bare` also without parentheses (STORE). */
export function parseFlagList(args: Cursor, bare: boolean): string[] {
  const flags: string[] = [];
  const brackets = args.skip('(');
  if (!brackets && !bare) throw new ParseError('Expected a flag list');
  if (brackets && args.skip(')')) return flags;
  do {
    const flag = args.flag();
    if (flag.startsWith('\\') && !systemFlags.has(flag.toLowerCase())) throw new ParseError(`${flag.slice(0, 40)} cannot be set`);
    if (flag.length > limits.keywordBytes) throw new ParseError('Keyword is too long', 'LIMIT');
    if (flags.length >= limits.flagsPerCommand) throw new ParseError('Too many flags', 'LIMIT');
    flags.push(flag);
  } while (args.skip(' '));
  if (brackets) args.expect(')');
  return flags;
}

/**
 * "(" flags ")" of APPEND: a letter is never refused for its labels. What cannot be kept (\Recent and other system flags that we do not know, keywords
 * that are too long) is left out; the store leaves out what is too many.
 */
export function parseLabels(args: Cursor): string[] {
  const flags: string[] = [];
  args.expect('(');
  if (args.skip(')')) return flags;
  do {
    const flag = args.flag();
    const known = flag.startsWith('\\') ? systemFlags.has(flag.toLowerCase()) : flag.length <= limits.keywordBytes;
    if (known) flags.push(flag);
  } while (args.skip(' '));
  args.expect(')');
  return flags;
}
