import type { FolderSnapshot } from '../../store/mail-store.ts';
import { limits } from '../limits.ts';
import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';
import { uidAt } from '../select/index-ranges.ts';
import type { View } from '../select/view.ts';
import { formatNumbers } from '../serializer/format-set.ts';
import type { ImapSession } from '../context.ts';

export type ReturnOption = 'MIN' | 'MAX' | 'ALL' | 'COUNT' | 'SAVE';
const options: readonly string[] = ['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE'];

/** "RETURN (" options ") " of RFC 4731 and RFC 5182; null if there is none. */
export function parseReturn(args: Cursor): Set<ReturnOption> | null {
  if (!args.skipWord('RETURN ')) return null;
  args.blanks();
  const wanted = new Set<ReturnOption>();
  args.list(0, () => {
    const name = args.keyword();
    const option = options.find((each): each is ReturnOption => each === name);
    if (!option || wanted.size > limits.sortKeys) throw new ParseError('Unknown RETURN option');
    wanted.add(option);
  });
  args.space();
  if (wanted.size === 0) wanted.add('ALL');
  return wanted;
}

export interface SearchResult {
  tag: string;
  byUid: boolean;
  /** indexes, ascending */
  found: readonly number[];
  /** null: the old SEARCH response */
  wanted: ReadonlySet<ReturnOption> | null;
  /** a MODSEQ key was used (RFC 7162 section 3.1.5) */
  withModseq: boolean;
}

export async function writeSearchResult(session: ImapSession, view: View, result: SearchResult): Promise<void> {
  const { writer } = session;
  const { shown } = view;
  const numberOf = (index: number): number => (result.byUid ? uidAt(shown, index) : index + 1);
  const { found, wanted } = result;
  if (wanted === null) {
    writer.text('* SEARCH');
    for (const index of found) {
      writer.text(` ${numberOf(index)}`);
      if (writer.full) await writer.drained();
    }
    writer.text(result.withModseq && found.length > 0 ? ` (MODSEQ ${highestModseq(shown, found)})\r\n` : '\r\n');
    return;
  }
  if (wanted.has('SAVE')) view.saved = savedPart(found, wanted).map((index) => uidAt(shown, index));
  if (wanted.size === 1 && wanted.has('SAVE')) return;
  let line = `ESEARCH (TAG "${result.tag}")${result.byUid ? ' UID' : ''}`;
  const first = found[0];
  const last = found.at(-1);
  if (wanted.has('MIN') && first !== undefined) line += ` MIN ${numberOf(first)}`;
  if (wanted.has('MAX') && last !== undefined) line += ` MAX ${numberOf(last)}`;
  if (wanted.has('ALL') && found.length > 0) line += ` ALL ${formatNumbers(found.map(numberOf))}`;
  if (wanted.has('COUNT')) line += ` COUNT ${found.length}`;
  if (result.withModseq && found.length > 0) line += ` MODSEQ ${highestModseq(shown, savedPart(found, wanted))}`;
  writer.untagged(line);
}

/** RFC 5182 section 2.1: with MIN or MAX and neither ALL nor COUNT only those are meant. */
function savedPart(found: readonly number[], wanted: ReadonlySet<ReturnOption>): number[] {
  if (wanted.has('ALL') || wanted.has('COUNT') || !(wanted.has('MIN') || wanted.has('MAX'))) return [...found];
  const part = new Set<number>();
  const first = found[0];
  const last = found.at(-1);
  if (wanted.has('MIN') && first !== undefined) part.add(first);
  if (wanted.has('MAX') && last !== undefined) part.add(last);
  return Array.from(part);
}

export function highestModseq(shown: FolderSnapshot, indexes: readonly number[]): number {
  let highest = 0;
  for (const index of indexes) highest = Math.max(highest, shown.modseqs[index] ?? 0);
  return highest;
}
