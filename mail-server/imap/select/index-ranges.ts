import { ParseError } from '../parser/parse-error.ts';
import { STAR, type SequenceSet } from '../parser/sequence-set.ts';
import { indexOfUid } from '../../store/folder-snapshot.ts';
import type { FolderSnapshot, UidRanges } from '../../store/mail-store.ts';

/** Messages of a snapshot by their index (sequence number - 1): ascending, inclusive, not overlapping. */
export type IndexRanges = ReadonlyArray<readonly [from: number, to: number]>;

export const uidAt = (snapshot: FolderSnapshot, index: number): number => snapshot.uids[index] ?? 0;

/** Resolves a set against what the session shows. Numbers beyond the last message: ParseError (BAD), unknown UIDs are left out. */
export function resolveSet(set: SequenceSet, snapshot: FolderSnapshot, byUid: boolean, saved: readonly number[]): IndexRanges {
  if (set.saved) return indexesOfUids(snapshot, saved);
  return byUid ? resolveUids(set.ranges, snapshot) : resolveNumbers(set.ranges, snapshot);
}

/** As a search key: numbers beyond the last message match nothing. */
export function resolveSearchSet(set: SequenceSet, snapshot: FolderSnapshot, byUid: boolean, saved: readonly number[]): IndexRanges {
  if (set.saved || byUid) return resolveSet(set, snapshot, true, saved);
  const { count } = snapshot;
  const possible = set.ranges.filter(([low, high]) => low <= count || high === STAR);
  return resolveNumbers(
    possible.map(([low, high]) => [low, high === STAR ? high : Math.min(high, count)] as const),
    snapshot,
  );
}

function resolveNumbers(ranges: ReadonlyArray<readonly [number, number]>, { count }: FolderSnapshot): IndexRanges {
  const found: Array<[number, number]> = [];
  for (const [low, high] of ranges) {
    if (high !== STAR && high > count) throw new ParseError('No such message number');
    if (count === 0) continue;
    // "n:*" always holds the last message, whatever n is
    addRange(found, Math.min(low, count) - 1, Math.min(high, count) - 1);
  }
  return found;
}

function resolveUids(ranges: ReadonlyArray<readonly [number, number]>, snapshot: FolderSnapshot): IndexRanges {
  const found: Array<[number, number]> = [];
  const { count } = snapshot;
  if (count === 0) return found;
  const last = uidAt(snapshot, count - 1);
  for (const [low, high] of ranges) {
    const from = indexOfUid(snapshot, high === STAR ? Math.min(low, last) : low);
    const to = high >= last ? count - 1 : indexOfUid(snapshot, high + 1) - 1;
    if (from <= to) addRange(found, from, to);
  }
  return found;
}

function indexesOfUids(snapshot: FolderSnapshot, uids: readonly number[]): IndexRanges {
  const found: Array<[number, number]> = [];
  for (const uid of uids) {
    const index = indexOfUid(snapshot, uid);
    if (index < snapshot.count && uidAt(snapshot, index) === uid) addRange(found, index, index);
  }
  return found;
}

/** Adds a range that begins where the last one does, or behind it. */
export function addRange(ranges: Array<[number, number]>, from: number, to: number): void {
  const last = ranges.at(-1);
  if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
  else ranges.push([from, to]);
}

export function filterIndexes(ranges: IndexRanges, keep: (index: number) => boolean): IndexRanges {
  const kept: Array<[number, number]> = [];
  for (const [from, to] of ranges) for (let index = from; index <= to; index++) if (keep(index)) addRange(kept, index, index);
  return kept;
}

export const countIndexes = (ranges: IndexRanges): number => ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);

/** The same indexes in pieces, none of which has more than `most`. */
export function* piecesOf(ranges: IndexRanges, most: number): Generator<IndexRanges> {
  let piece: Array<[number, number]> = [];
  let room = most;
  for (const [first, to] of ranges) {
    for (let from = first; from <= to; ) {
      const last = Math.min(to, from + room - 1);
      piece.push([from, last]);
      room -= last - from + 1;
      from = last + 1;
      if (room > 0) continue;
      yield piece;
      piece = [];
      room = most;
    }
  }
  if (piece.length > 0) yield piece;
}

export function* eachIndex(ranges: IndexRanges): Generator<number> {
  for (const [from, to] of ranges) for (let index = from; index <= to; index++) yield index;
}

/**
 * UID ranges for the store. A range may span UIDs that the snapshot does not hold: UIDs become visible in ascending order, so a gap below
 * one that is shown is a message that is gone and never comes back.
 */
export const uidRanges = (snapshot: FolderSnapshot, ranges: IndexRanges): UidRanges =>
  ranges.map(([from, to]) => [uidAt(snapshot, from), uidAt(snapshot, to)] as const);
