import { onceFor } from '../../../lib/config/once-for.ts';
import { flagWords } from '../../store/folder-snapshot.ts';
import { setOf, type KeywordSets } from '../../store/keyword-sets.ts';
import { Flag, type FolderSnapshot } from '../../store/mail-store.ts';

const system = [
  [Flag.Answered, '\\Answered'],
  [Flag.Flagged, '\\Flagged'],
  [Flag.Deleted, '\\Deleted'],
  [Flag.Seen, '\\Seen'],
  [Flag.Draft, '\\Draft'],
] as const;

/** Bits of system flags by their name in lower case. */
export const systemFlags: ReadonlyMap<string, bigint> = new Map(system.map(([bit, name]) => [name.toLowerCase(), bit]));
export const systemFlagNames = system.map(([, name]) => name).join(' ');

/** One text for each combination of flags: folders of 100,000 messages have a handful. */
const textsOf = onceFor<KeywordSets, Map<bigint, string>>(() => new Map());
const cached = 4_096;

/** "\Seen $Forwarded", without parentheses. */
export function formatFlags(flags: bigint, keywords: KeywordSets): string {
  const written = textsOf(keywords);
  let text = written.get(flags);
  if (text === undefined) {
    text = write(flags, keywords);
    if (written.size >= cached) written.clear();
    // a set whose names are not here yet may have them later
    if (flags < 32n || keywords.has(setOf(flags))) written.set(flags, text);
  }
  return text;
}

function write(flags: bigint, keywords: KeywordSets): string {
  const names: string[] = [];
  for (const [bit, name] of system) if ((flags & bit) !== 0n) names.push(name);
  names.push(...(keywords.get(setOf(flags)) ?? []));
  return names.join(' ');
}

/** The keyword sets that messages of a picture carry; worked out once for all sessions. */
export const setsInUse = onceFor((snapshot: FolderSnapshot): ReadonlySet<number> => {
  const sets = new Set<number>();
  const words = flagWords(snapshot);
  let last = 0;
  for (let index = 0; index < snapshot.count; index++) {
    const set = setAt(words, index);
    if (set === last) continue;
    last = set;
    if (set !== 0) sets.add(set);
  }
  return sets;
});

/** The keyword set of a message, from its words. */
export const setAt = (words: Uint32Array, index: number): number =>
  ((words[index * 2] ?? 0) >>> 5) + (words[index * 2 + 1] ?? 0) * 0x800_0000;
