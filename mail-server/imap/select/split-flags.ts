import { systemFlags } from './flags-text.ts';

/** Flags of a command: the bits of system flags, and keywords, each once whatever its case. */
export function splitFlags(flags: readonly string[]): { bits: bigint; keywords: string[] } {
  let bits = 0n;
  const keywords = new Map<string, string>();
  for (const flag of flags) {
    const bit = systemFlags.get(flag.toLowerCase());
    if (bit !== undefined) bits |= bit;
    else if (!keywords.has(flag.toLowerCase())) keywords.set(flag.toLowerCase(), flag);
  }
  return { bits, keywords: Array.from(keywords.values()) };
}
