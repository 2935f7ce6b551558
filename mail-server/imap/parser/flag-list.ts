import { limits } from '../limits.ts';
import { systemFlags } from '../select/flags-text.ts';
import type { Cursor } from './cursor.ts';
import { ParseError } from './parse-error.ts';

/** Flags of STORE, with parentheses or without. */
export function parseFlagList(args: Cursor): string[] {
  const flags: string[] = [];
  const one = (): void => {
    const flag = args.flag();
    if (flag.startsWith('\\') && !systemFlags.has(flag.toLowerCase())) throw new ParseError(`${flag.slice(0, 40)} cannot be set`);
    if (flag.length > limits.keywordBytes) throw new ParseError('Keyword is too long', 'LIMIT');
    if (flags.length >= limits.flagsPerCommand) throw new ParseError('Too many flags', 'LIMIT');
    flags.push(flag);
  };
  if (args.peek() === 40) args.list(0, one);
  else {
    do one();
    while (args.more());
  }
  return flags;
}

/**
 * "(" flags ")" of APPEND: a letter is never refused for its labels. What cannot be kept (\Recent and other system flags that we do not know, keywords
 * that are too long or that IMAP forbids, which some servers tell of all the same) is left out; the store leaves out what is too many.
 */
export function parseLabels(args: Cursor): string[] {
  const flags: string[] = [];
  args.list(0, () => {
    const flag = args.label();
    if (flag === null) return;
    const known = flag.startsWith('\\') ? systemFlags.has(flag.toLowerCase()) : flag.length <= limits.keywordBytes;
    if (known) flags.push(flag);
  });
  return flags;
}
