import type { AccountId } from '../../lib/db/ids.ts';
import type { FolderSnapshot, UidRanges } from './mail-store.ts';

/** Bytes of one row as folder_changes and loadSnapshot pack it: uid int4, flags int8, modseq int8, message id int8. */
export const ROW_BYTES = 28;

/** What a picture takes in memory. */
export const bytesOf = (snapshot: FolderSnapshot | null): number => (snapshot ? snapshot.uids.length * ROW_BYTES : 0);

/** First index whose UID is `uid` or higher; `count` if there is none. */
export function indexOfUid(snapshot: FolderSnapshot, uid: number): number {
  let low = 0;
  let high = snapshot.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((snapshot.uids[middle] ?? 0) < uid) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Counters {
  highestmodseq: number;
  uidnext: number;
}

/** Builds a snapshot from packed rows in UID order. */
export function unpackSnapshot(accountId: AccountId, folderId: number, counters: Counters, rows: Buffer | null): FolderSnapshot {
  const count = rows ? rows.length / ROW_BYTES : 0;
  const snapshot = emptySnapshot(accountId, folderId, counters, count);
  const words = flagWords(snapshot);
  for (let index = 0; rows && index < count; index++) readRow(rows, index, snapshot, words, index);
  return snapshot;
}

/** A new snapshot: the older one without what vanished, with changed and new rows (packed, in UID order). */
export function advanceSnapshot(older: FolderSnapshot, counters: Counters, rows: Buffer | null, vanished: UidRanges): FolderSnapshot {
  const changed = rows ? rows.length / ROW_BYTES : 0;
  const next = emptySnapshot(older.accountId, older.folderId, counters, older.count + changed);
  const words = flagWords(next);
  let at = 0;
  let from = 0;
  let range = 0;
  for (let row = 0; row <= changed; row++) {
    const uid = row < changed && rows ? rows.readUInt32BE(row * ROW_BYTES) : Number.POSITIVE_INFINITY;
    const until = row < changed ? indexOfUid(older, uid) : older.count;
    while (from < until) {
      const kept = older.uids[from] ?? 0;
      while (range < vanished.length && (vanished[range]?.[1] ?? 0) < kept) range++;
      const gone = vanished[range];
      if (gone && gone[0] <= kept) {
        from++;
        continue;
      }
      // copy the whole run up to the next row or the next vanished UID at once
      const end = gone ? Math.min(until, indexOfUid(older, gone[0])) : until;
      copyRun(older, from, end, next, at);
      at += end - from;
      from = end;
    }
    if (row === changed || !rows) break;
    if (from < older.count && older.uids[from] === uid) from++;
    readRow(rows, row, next, words, at++);
  }
  return { ...next, count: at };
}

function emptySnapshot(accountId: AccountId, folderId: number, counters: Counters, capacity: number): FolderSnapshot {
  return {
    accountId,
    folderId,
    highestmodseq: counters.highestmodseq,
    uidnext: counters.uidnext,
    count: capacity,
    uids: new Uint32Array(capacity),
    flags: new BigUint64Array(capacity),
    modseqs: new Float64Array(capacity),
    messageIds: new Float64Array(capacity),
  };
}

function copyRun(from: FolderSnapshot, start: number, end: number, to: FolderSnapshot, at: number): void {
  to.uids.set(from.uids.subarray(start, end), at);
  to.flags.set(from.flags.subarray(start, end), at);
  to.modseqs.set(from.modseqs.subarray(start, end), at);
  to.messageIds.set(from.messageIds.subarray(start, end), at);
}

function readRow(rows: Buffer, row: number, to: FolderSnapshot, words: Uint32Array, at: number): void {
  const offset = row * ROW_BYTES;
  to.uids[at] = rows.readUInt32BE(offset);
  words[at * 2 + 1] = rows.readUInt32BE(offset + 4);
  words[at * 2] = rows.readUInt32BE(offset + 8);
  to.modseqs[at] = rows.readUInt32BE(offset + 12) * 4_294_967_296 + rows.readUInt32BE(offset + 16);
  to.messageIds[at] = rows.readUInt32BE(offset + 20) * 4_294_967_296 + rows.readUInt32BE(offset + 24);
}

/** Flags as pairs of 32-bit words, low word first (every machine that Node runs on is little-endian): no BigInt for each message. */
export const flagWords = ({ flags }: FolderSnapshot): Uint32Array => new Uint32Array(flags.buffer, flags.byteOffset, flags.length * 2);
