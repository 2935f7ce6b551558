import { no, ok, type Completion } from '../completion.ts';
import { writeAnswer, type AnswerContext } from '../fetch/answer.ts';
import { planFetch, type FetchItem } from '../fetch/items.ts';
import { readSources } from '../fetch/message-source.ts';
import { parseFetchItems } from '../fetch/parse-items.ts';
import { type BinaryBytes, readSections } from '../fetch/sections.ts';
import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';
import { parseSequenceSet } from '../parser/sequence-set.ts';
import { announceKeywords } from '../select/announce.ts';
import { markIndexes } from '../select/difference.ts';
import { countIndexes, eachIndex, filterIndexes, piecesOf, resolveSet, uidRanges, type IndexRanges } from '../select/index-ranges.ts';
import type { View } from '../select/view.ts';
import type { ImapSession } from '../context.ts';
import { Flag } from '../../store/mail-store.ts';
import { selected, type Command } from './command.ts';
import { updateView } from '../select/update-view.ts';

/** RFC 9051 section 6.4.5 with CHANGEDSINCE (7162), BINARY (3516), PREVIEW (8970), OBJECTID (8474). */
export const fetch: Command = {
  states: selected,
  updates: 'without-expunge',
  uid: true,
  async run(session, args, byUid) {
    args.space();
    const set = parseSequenceSet(args.sequenceText());
    args.space();
    const items = parseFetchItems(args);
    const changedSince = args.more() ? parseModifiers(args) : null;
    args.end();
    if (items.some(({ kind }) => kind === 'judgement' || kind === 'conversation') && session.principal?.credential !== 'token')
      throw new ParseError('Unknown FETCH item');
    if (byUid) addItem(items, 'uid', true);
    if (changedSince !== null) addItem(items, 'modseq', false);
    if (items.some(({ kind }) => kind === 'modseq')) session.enableCondstore();

    const view = session.selectedView;
    let indexes = resolveSet(set, view.shown, byUid, view.saved);
    if (changedSince !== null) indexes = changedAfter(view, indexes, changedSince);
    if (indexes.length === 0) return ok('FETCH done');
    await announceKeywords(session, view, view.shown);
    const plan = planFetch(items);
    const seenNow = plan.setsSeen && !view.readOnly ? await setSeen(session, view, indexes) : null;
    return answer({ session, view, shown: view.shown, plan, seenNow }, indexes);
  },
};

function parseModifiers(args: Cursor): number {
  let changedSince = 0;
  args.list(1, () => {
    if (args.keyword() !== 'CHANGEDSINCE') throw new ParseError('Unknown FETCH modifier');
    args.space();
    changedSince = args.number64();
  });
  return changedSince;
}

function addItem(items: FetchItem[], kind: 'uid' | 'modseq', first: boolean): void {
  if (items.some((item) => item.kind === kind)) return;
  if (first) items.unshift({ kind });
  else items.push({ kind });
}

function changedAfter(view: View, indexes: IndexRanges, modseq: number): IndexRanges {
  const { modseqs } = view.shown;
  return filterIndexes(indexes, (index) => (modseqs[index] ?? 0) > modseq);
}

/** One STORE for all messages of the command that were not seen yet. Returns which. */
async function setSeen(session: ImapSession, view: View, indexes: IndexRanges): Promise<Uint8Array | null> {
  const { shown, folderId } = view;
  const unseen = filterIndexes(indexes, (index) => ((shown.flags[index] ?? 0n) & Flag.Seen) === 0n);
  if (unseen.length === 0) return null;
  const { modseq } = await session.store.storeFlags(session.account, folderId, uidRanges(shown, unseen), { set: Flag.Seen });
  const marks = markIndexes(shown.count, unseen);
  // nothing vanishes from the view here, so the numbers stay what they are
  const own = { marks, set: Flag.Seen, clear: 0n, sets: null, modseq, silent: true };
  await updateView(session, false, { expunge: false, own, skip: (index) => marks[index] === 1 });
  return marks;
}

async function answer(context: AnswerContext, indexes: IndexRanges): Promise<Completion> {
  const { session, plan, shown } = context;
  const { writer } = session;
  if (plan.columns.length === 0) {
    for (const index of eachIndex(indexes)) {
      writeAnswer(context, index, null, []);
      if (writer.full) await writer.drained();
    }
    return ok('FETCH done');
  }
  const withSections = plan.items.some(({ kind }) => kind === 'section' || kind === 'binary' || kind === 'binary-size');
  let answered = 0;
  let unknownEncoding = false;
  for (const some of piecesOf(indexes, messagesAtOnce)) {
    const places = new Places(shown.messageIds, some);
    for await (const sources of readSources(session, context.view, places.ids, plan)) {
      for (const source of sources) {
        await session.pace();
        const sections = withSections ? await readSections(source, plan) : none;
        unknownEncoding ||= sections.includes('unknown-encoding');
        // of a message that was copied into its own folder again and again there are as many answers as places
        for (const index of places.of(source.message.messageId)) {
          writeAnswer(context, index, source.message, sections);
          answered++;
          if (writer.full) await writer.drained();
        }
      }
    }
  }
  if (unknownEncoding) return no('A part has an unknown encoding', 'UNKNOWN-CTE');
  if (answered < countIndexes(indexes)) return no('Some of the messages are gone', 'EXPUNGEISSUED');
  return ok('FETCH done');
}

const none: BinaryBytes[] = [];
/** Whoever asks for a folder of a hundred thousand on fifty connections at once holds nobody up with finding out what to read. */
const messagesAtOnce = 4096;

/** Where messages stand in the folder. A message copied into its own folder stands there twice. */
class Places {
  readonly ids: number[];
  readonly #indexes = new Map<number, number | number[]>();

  constructor(messageIds: Float64Array, indexes: IndexRanges) {
    for (const index of eachIndex(indexes)) {
      const id = messageIds[index] ?? 0;
      const known = this.#indexes.get(id);
      if (known === undefined) this.#indexes.set(id, index);
      else if (typeof known === 'number') this.#indexes.set(id, [known, index]);
      else known.push(index);
    }
    this.ids = Array.from(this.#indexes.keys());
  }

  of(messageId: number): readonly number[] {
    const found = this.#indexes.get(messageId);
    return found === undefined ? [] : typeof found === 'number' ? [found] : found;
  }
}
