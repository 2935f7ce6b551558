import { no, ok, type Completion } from '../completion.ts';
import { parseFlagList } from '../parser/flag-list.ts';
import { splitFlags } from '../select/split-flags.ts';
import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';
import { parseSequenceSet, type SequenceSet } from '../parser/sequence-set.ts';
import { markIndexes } from '../select/difference.ts';
import { eachIndex, resolveSet, uidRanges } from '../select/index-ranges.ts';
import { formatNumbers, formatRanges } from '../serializer/format-set.ts';
import { indexOfUid } from '../../store/folder-snapshot.ts';
import { SYSTEM_FLAGS, type FolderSnapshot, type UidRanges } from '../../store/mail-store.ts';
import { selected, type Command } from './command.ts';
import { updateView } from '../select/update-view.ts';

interface StoreArguments {
  set: SequenceSet;
  unchangedSince: number | null;
  operation: '+' | '-' | '=';
  silent: boolean;
  flags: string[];
}

/** RFC 9051 section 6.4.6 with UNCHANGEDSINCE of RFC 7162. */
export const store: Command = {
  states: selected,
  updates: 'without-expunge',
  uid: true,
  async run(session, args, byUid) {
    const wanted = parse(args);
    const view = session.selectedView;
    if (view.readOnly) return no('The mailbox is open read-only');
    const indexes = resolveSet(wanted.set, view.shown, byUid, view.saved);
    if (wanted.unchangedSince !== null) session.enableCondstore();
    if (indexes.length === 0) return ok('STORE done');
    const { bits, keywords } = splitFlags(wanted.flags);
    const { operation } = wanted;
    const set = operation === '-' ? 0n : bits;
    const clear = operation === '+' ? 0n : operation === '-' ? bits : SYSTEM_FLAGS & ~bits;
    const { shown, folderId } = view;
    const done = await session.store.storeFlags(session.account, folderId, uidRanges(shown, indexes), {
      set,
      clear,
      keywords: { add: operation === '-' ? [] : keywords, remove: operation === '-' ? keywords : [], replace: operation === '=' },
      unchangedSince: wanted.unchangedSince,
    });
    // RFC 2180 section 4.2; a UID that is gone is no error (RFC 9051 section 6.4.9)
    if (done.found === 0 && !byUid) return no('The messages are gone', 'EXPUNGEISSUED');
    const marks = markIndexes(shown.count, indexes);
    unmark(marks, shown, done.modified);
    const own = { marks, set, clear, sets: done.sets, modseq: done.modseq, silent: wanted.silent };
    await updateView(session, false, { expunge: byUid, own, withUid: byUid });
    return completion(done.modified, shown, byUid);
  },
};

function parse(args: Cursor): StoreArguments {
  args.space();
  const set = parseSequenceSet(args.sequenceText());
  args.space();
  let unchangedSince: number | null = null;
  if (args.peek() === 40) {
    args.list(1, () => {
      if (args.keyword() !== 'UNCHANGEDSINCE') throw new ParseError('Unknown STORE modifier');
      args.space();
      // a double may round the highest one up, beyond what the database takes
      unchangedSince = Math.min(args.number64(), Number.MAX_SAFE_INTEGER);
    });
    args.space();
  }
  const operation = args.skip('+') ? '+' : args.skip('-') ? '-' : '=';
  const item = args.keyword();
  if (item !== 'FLAGS' && item !== 'FLAGS.SILENT') throw new ParseError('Unknown STORE item');
  args.space();
  const flags = parseFlagList(args);
  args.end();
  return { set, unchangedSince, operation, silent: item === 'FLAGS.SILENT', flags };
}

/** Messages that UNCHANGEDSINCE left alone are not answered as if they had been changed. */
function unmark(marks: Uint8Array, shown: FolderSnapshot, modified: UidRanges): void {
  for (const [low, high] of modified) marks.fill(0, indexOfUid(shown, low), indexOfUid(shown, high + 1));
}

function completion(modified: UidRanges, shown: FolderSnapshot, byUid: boolean): Completion {
  if (modified.length === 0) return ok('STORE done');
  const numbers = byUid ? formatRanges(modified) : formatNumbers(numbersOf(modified, shown));
  return ok('Some messages were changed meanwhile', `MODIFIED ${numbers}`);
}

function* numbersOf(modified: UidRanges, shown: FolderSnapshot): Generator<number> {
  const ranges = modified.map(([low, high]) => [indexOfUid(shown, low), indexOfUid(shown, high + 1) - 1] as const);
  for (const index of eachIndex(ranges)) yield index + 1;
}
