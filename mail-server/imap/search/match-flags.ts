import type { Reader } from '../context.ts';
import { flagWords } from '../../store/folder-snapshot.ts';
import { setAt } from '../select/flags-text.ts';
import type { View } from '../select/view.ts';
import { filterInTurns, type Indexes } from './indexes.ts';
import type { KeyOf } from './keys.ts';

type FlagKey = KeyOf<'system'> | KeyOf<'keyword'>;

/**
 * SEEN, UNDELETED, KEYWORD …: any number of them, all or (`any`) one of which must hold. The system flags are two masks, and a set of keywords is
 * judged once however many messages carry it.
 */
export function matchFlags(reader: Reader, view: View, keys: readonly FlagKey[], any: boolean, candidates: Indexes): Promise<number[]> {
  const masks = { present: 0, absent: 0 };
  const names = { present: new Set<string>(), absent: new Set<string>() };
  for (const key of keys) {
    const side = key.present ? 'present' : 'absent';
    if (key.kind === 'system') masks[side] |= Number(key.bit);
    else names[side].add(key.name.toLowerCase());
  }
  const words = flagWords(view.shown);
  const system = (flags: number): boolean =>
    any ? (flags & masks.present) !== 0 || (~flags & masks.absent) !== 0 : (~flags & masks.present) === 0 && (flags & masks.absent) === 0;
  if (names.present.size + names.absent.size === 0) return filterInTurns(reader, candidates, (index) => system(words[index * 2] ?? 0));
  const judged = new Map<number, boolean>();
  const keywords = (set: number): boolean => {
    let holds = judged.get(set);
    if (holds === undefined) {
      holds = holdsFor(new Set((view.keywords.get(set) ?? []).map((name) => name.toLowerCase())), names, any);
      judged.set(set, holds);
    }
    return holds;
  };
  return filterInTurns(reader, candidates, (index) => {
    const bySystem = system(words[index * 2] ?? 0);
    return bySystem === any ? any : keywords(setAt(words, index));
  });
}

function holdsFor(carried: ReadonlySet<string>, { present, absent }: Record<'present' | 'absent', Set<string>>, any: boolean): boolean {
  // walks the smaller side: a letter carries a handful, a client may ask for thousands
  const carriedOf = (wanted: Set<string>): number => {
    let count = 0;
    for (const name of carried) if (wanted.has(name)) count++;
    return count;
  };
  if (any) return carriedOf(present) > 0 || carriedOf(absent) < absent.size;
  return carriedOf(present) === present.size && carriedOf(absent) === 0;
}
