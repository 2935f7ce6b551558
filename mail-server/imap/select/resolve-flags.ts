import type { Session } from '../session.ts';
import { systemFlags } from './flags-text.ts';

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
