import { limits } from '../limits.ts';
import { systemFlags } from '../select/flags-text.ts';
import type { Session } from '../session.ts';
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

/** Bits of flags; `make`: keywords that are not known yet are made, otherwise they stand for nothing. */
export async function resolveFlags(session: Session, flags: readonly string[], make: boolean): Promise<bigint> {
  const { store, account } = session;
  let bits = 0n;
  const keywords = flags.some((flag) => !flag.startsWith('\\')) ? await store.keywords(account) : null;
  for (const flag of flags) {
    const system = systemFlags.get(flag.toLowerCase());
    if (system !== undefined) bits |= system;
    else {
      const bit = bitOf(keywords ?? new Map(), flag) ?? (make ? await store.keywordBit(account, flag) : null);
      if (bit !== null) bits |= 1n << BigInt(bit);
    }
  }
  return bits;
}

export function bitOf(keywords: ReadonlyMap<number, string>, flag: string): number | null {
  const wanted = flag.toLowerCase();
  for (const [bit, name] of keywords) if (name.toLowerCase() === wanted) return bit;
  return null;
}
