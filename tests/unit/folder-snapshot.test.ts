import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountId } from '#lib/db/ids.ts';
import { countIndexes, eachIndex, piecesOf } from '#mail-server/imap/select/index-ranges.ts';
import { advanceSnapshot, indexOfUid, ROW_BYTES, unpackSnapshot } from '#mail-server/store/folder-snapshot.ts';
import { foldUids } from '#mail-server/store/uid-ranges.ts';

interface Row {
  uid: number;
  flags: bigint;
  modseq: number;
  messageId: number;
}

function pack(rows: Row[]): Buffer | null {
  if (rows.length === 0) return null;
  const packed = Buffer.alloc(rows.length * ROW_BYTES);
  for (const [index, row] of rows.entries()) {
    packed.writeUInt32BE(row.uid, index * ROW_BYTES);
    packed.writeBigUInt64BE(row.flags, index * ROW_BYTES + 4);
    packed.writeBigUInt64BE(BigInt(row.modseq), index * ROW_BYTES + 12);
    packed.writeBigUInt64BE(BigInt(row.messageId), index * ROW_BYTES + 20);
  }
  return packed;
}

const account = accountId(1);
const rowArbitrary = (uid: number) =>
  fc.record({
    uid: fc.constant(uid),
    flags: fc.bigInt(0n, 2n ** 63n - 1n),
    modseq: fc.integer({ min: 1 }),
    messageId: fc.integer({ min: 1 }),
  });

test('a snapshot advanced by changes equals one that is loaded afresh', () => {
  const states = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 }).chain((uids) => {
    const sorted = uids.toSorted((a, b) => a - b);
    return fc.record({
      before: fc.tuple(...sorted.map(rowArbitrary)),
      fate: fc.tuple(...sorted.map(() => fc.constantFrom('kept', 'kept', 'changed', 'vanished'))),
      changed: fc.tuple(...sorted.map(rowArbitrary)),
      added: fc.tuple(...[61, 62, 63].map(rowArbitrary)),
    });
  });
  fc.assert(
    fc.property(states, ({ before, fate, changed, added }) => {
      const counters = { highestmodseq: 9, uidnext: 64 };
      const older = unpackSnapshot(account, 1, { highestmodseq: 5, uidnext: 61 }, pack(before));
      const news = [...changed.filter((_, index) => fate[index] === 'changed'), ...added];
      const vanished = foldUids(before.filter((_, index) => fate[index] === 'vanished').map((row) => row.uid));
      const after = [
        ...before.flatMap((row, index) =>
          fate[index] === 'vanished' ? [] : fate[index] === 'changed' ? changed.slice(index, index + 1) : [row],
        ),
        ...added,
      ];
      const advanced = advanceSnapshot(older, counters, pack(news), vanished);
      const fresh = unpackSnapshot(account, 1, counters, pack(after));
      expect(advanced.count).toBe(fresh.count);
      for (const column of ['uids', 'flags', 'modseqs', 'messageIds'] as const)
        expect(advanced[column].subarray(0, advanced.count)).toEqual(fresh[column].subarray(0, fresh.count));
      for (const [index, row] of after.entries()) expect(indexOfUid(advanced, row.uid)).toBe(index);
    }),
  );
});

test('what a command names is worked on in pieces that together are the same messages, in their order', () => {
  const ranges = [
    [3, 3],
    [5, 14],
    [20, 21],
    [30, 40],
  ] as const;
  const pieces = [...piecesOf(ranges, 4)];
  expect(pieces.flatMap((piece) => [...eachIndex(piece)])).toEqual([...eachIndex(ranges)]);
  expect(pieces.map(countIndexes)).toEqual([4, 4, 4, 4, 4, 4]);
  expect([...piecesOf([[0, 8]], 4)]).toEqual([[[0, 3]], [[4, 7]], [[8, 8]]]);
  expect([...piecesOf([], 4)]).toEqual([]);
});
