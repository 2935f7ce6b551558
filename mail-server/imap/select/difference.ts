import { setOf } from '../../store/keyword-sets.ts';
import { SYSTEM_FLAGS, type FolderSnapshot } from '../../store/mail-store.ts';
import type { IndexRanges } from './index-ranges.ts';

/** What a session itself has just done with STORE or FETCH, so that it is told what it must be told and no more. */
export interface OwnChange {
  /** 1 for each index of the picture shown before that the command named */
  marks: Uint8Array;
  set: bigint;
  clear: bigint;
  /** what became of the sets of keywords; null where they were left alone */
  sets: ReadonlyMap<number, number> | null;
  modseq: number;
  /** .SILENT: flags that came out as expected are not repeated */
  silent: boolean;
}

export interface Difference {
  /** indexes of the older picture, ascending */
  vanished: number[];
  /** messages at the end of the picture that are new */
  added: number;
  /** indexes of the picture shown from now on whose flags or MODSEQ the client must be told */
  flags: number[];
  /** … of which only the MODSEQ is news (.SILENT) */
  modseqOnly: Set<number>;
  shown: FolderSnapshot;
}

/**
 * Compares two pictures of a folder by UID. With `keepVanished` the picture shown from now on still holds what vanished, with its last
 * flags, at its old number.
 */
export function difference(older: FolderSnapshot, newer: FolderSnapshot, keepVanished: boolean, own?: OwnChange): Difference {
  const vanished: number[] = [];
  const found: Difference = { vanished, added: 0, flags: [], modseqOnly: new Set(), shown: newer };
  const kept = keepVanished && anyVanished(older, newer) ? union(older, newer) : null;
  const next = kept ?? newer;
  found.shown = next;
  let at = 0;
  for (let index = 0; index < older.count; index++) {
    const uid = older.uids[index] ?? 0;
    if (at >= next.count || (next.uids[at] ?? 0) !== uid) {
      vanished.push(index);
      continue;
    }
    compare(older, index, next, at, found, own);
    at++;
  }
  found.added = next.count - at;
  return found;
}

function compare(older: FolderSnapshot, index: number, newer: FolderSnapshot, at: number, found: Difference, own?: OwnChange): void {
  const changed = older.modseqs[index] !== newer.modseqs[at];
  const mine = own !== undefined && own.marks[index] === 1;
  if (!changed && !(mine && !own.silent)) return;
  if (mine && own.silent && newer.modseqs[at] === own.modseq) {
    if (newer.flags[at] === expectedFlags(older.flags[index] ?? 0n, own)) found.modseqOnly.add(at);
  }
  found.flags.push(at);
}

function expectedFlags(before: bigint, { set, clear, sets }: OwnChange): bigint | null {
  const keywords = sets ? sets.get(setOf(before)) : setOf(before);
  return keywords === undefined ? null : (((before & SYSTEM_FLAGS) | set) & ~clear) | (BigInt(keywords) << 5n);
}

function anyVanished(older: FolderSnapshot, newer: FolderSnapshot): boolean {
  let at = 0;
  for (let index = 0; index < older.count; index++) {
    const uid = older.uids[index] ?? 0;
    while (at < newer.count && (newer.uids[at] ?? 0) < uid) at++;
    if (at >= newer.count || newer.uids[at] !== uid) return true;
    at++;
  }
  return false;
}

/** All messages of the newer picture and those of the older one that it lacks. */
function union(older: FolderSnapshot, newer: FolderSnapshot): FolderSnapshot {
  const most = older.count + newer.count;
  const uids = new Uint32Array(most);
  const flags = new BigUint64Array(most);
  const modseqs = new Float64Array(most);
  const messageIds = new Float64Array(most);
  let count = 0;
  let a = 0;
  let b = 0;
  while (a < older.count || b < newer.count) {
    const uidA = a < older.count ? (older.uids[a] ?? 0) : Number.POSITIVE_INFINITY;
    const uidB = b < newer.count ? (newer.uids[b] ?? 0) : Number.POSITIVE_INFINITY;
    const from = uidB <= uidA ? newer : older;
    const index = uidB <= uidA ? b : a;
    uids[count] = from.uids[index] ?? 0;
    flags[count] = from.flags[index] ?? 0n;
    modseqs[count] = from.modseqs[index] ?? 0;
    messageIds[count] = from.messageIds[index] ?? 0;
    count++;
    if (uidA <= uidB) a++;
    if (uidB <= uidA) b++;
  }
  return { ...newer, count, uids, flags, modseqs, messageIds };
}

export function markIndexes(count: number, ranges: IndexRanges): Uint8Array {
  const marks = new Uint8Array(count);
  for (const [from, to] of ranges) marks.fill(1, from, to + 1);
  return marks;
}
