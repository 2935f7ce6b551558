import { expect, test } from 'vitest';
import { IntervalSet } from '#mail-server/imap/search/interval-set.ts';
import { sortInTurns } from '#mail-server/imap/sort/sort-in-turns.ts';
import { sessionsToEnd, type Holder } from '#mail-server/imap/picture-bound.ts';
import { ConnectionLost } from '#mail-server/imap/serializer/response-writer.ts';
import { takeTurn } from '#mail-server/imap/sort/take-turn.ts';
import { openTestProcess } from '#tests/support/store.ts';
import { accountId } from '#lib/db/ids.ts';
import { unpackSnapshot, ROW_BYTES } from '#mail-server/store/folder-snapshot.ts';
import { Turns } from '#mail-server/turns.ts';

test('who waits sixteen times gets one turn where another gets one, and timers are heard in between', async () => {
  const turns = new Turns<string>(5);
  const given: string[] = [];
  let heard = false;
  setTimeout(() => {
    heard = true;
  }, 0);
  const wait = (holder: string): Promise<unknown> => turns.next(holder).then(() => given.push(holder));
  await Promise.all([...Array.from({ length: 16 }, () => wait('greedy')), wait('modest'), wait('other')]);
  expect(given.slice(0, 3)).toEqual(['greedy', 'modest', 'other']);
  expect(given).toHaveLength(18);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(heard).toBe(true);
});

const looksAtSockets = async (work: Promise<unknown>): Promise<number> => {
  let looks = 0;
  let over = false;
  const look = (): void => {
    looks++;
    if (!over) setImmediate(look);
  };
  setImmediate(look);
  await work;
  over = true;
  return looks;
};

test('fifty mailboxes with a moment’s work each have it at once; after long work sockets are heard before the next', async () => {
  const turns = new Turns<number>(5);
  const work = (ms: number) =>
    Promise.all(
      Array.from({ length: 50 }, async (_, holder) => {
        await turns.next(holder);
        const until = performance.now() + ms;
        while (performance.now() < until);
        // as a command does that goes on after several promises of others
        await Promise.resolve();
      }),
    );
  expect(await looksAtSockets(work(0))).toBeLessThan(10);
  expect(await looksAtSockets(work(3))).toBeGreaterThan(20);
});

test('sorting in turns is sorting, and stable', async () => {
  const items = Array.from({ length: 80_001 }, (_, index) => ({ key: (index * 7919) % 100, index }));
  let paces = 0;
  const sorted = await sortInTurns(
    items,
    (a, b) => a.key - b.key,
    () => {
      paces++;
      return null;
    },
  );
  expect(sorted).toEqual([...items].sort((a, b) => a.key - b.key));
  expect(paces).toBeGreaterThan(20);
});

test('intervals that touch or overlap are one, and their ends are near what is near', () => {
  const set = IntervalSet.union([
    [10, 20],
    [15, 30],
    [30, 31],
    [50, 60],
    [5, 5],
  ]);
  expect([5, 9, 10, 30, 31, 49, 50, 59, 60].map((value) => set.has(value))).toEqual([
    false,
    false,
    true,
    true,
    false,
    false,
    true,
    true,
    false,
  ]);
  expect([3, 8, 20, 33, 45, 70].map((value) => set.hasEndNear(value, 3))).toEqual([false, true, false, true, false, false]);
  expect(
    IntervalSet.intersection([
      [0, 9],
      [5, 20],
    ]).has(7),
  ).toBe(true);
  expect(
    IntervalSet.intersection([
      [0, 5],
      [6, 20],
    ]).has(5),
  ).toBe(false);
});

test('pictures that only sessions hold are bounded: the longest silent ones of the heaviest mailbox end, none that is busy', () => {
  const picture = (messages: number) =>
    unpackSnapshot(accountId(1), 1, { highestmodseq: 1, uidnext: 1 }, Buffer.alloc(messages * ROW_BYTES));
  const holder = (account: number, messages: number, lastActivity: number, busy = false): Holder => ({
    principal: { accountId: accountId(account) },
    view: { shown: picture(messages) } as Holder['view'],
    busy,
    lastActivity,
  });
  const [small, old, newer, busy] = [holder(1, 10, 1), holder(2, 100, 5), holder(2, 100, 9), holder(2, 100, 2, true)];
  const all = [small, old, newer, busy];
  expect(sessionsToEnd(all, 310 * ROW_BYTES)).toEqual([]);
  expect(sessionsToEnd(all, 250 * ROW_BYTES)).toEqual([old]);
  expect(sessionsToEnd(all, 110 * ROW_BYTES)).toEqual([old, newer]);
});

test('of one mailbox two SORTs work at a time, another mailbox’s beside them, and who has gone has no turn', async () => {
  const { store, close } = openTestProcess('postgres://127.0.0.1:1/none');
  const working: string[] = [];
  const ends: (() => void)[] = [];
  const gone = new AbortController();
  const sort = (account: number, signal = new AbortController().signal) =>
    takeTurn({ store, account: accountId(account), signal }, async () => {
      working.push(`sort of ${account}`);
      await new Promise<void>((resolve) => ends.push(resolve));
      return {};
    });
  const asked = [sort(1), sort(1), sort(1, gone.signal), sort(1), sort(2)];
  const lost = expect(asked[2]).rejects.toThrow(ConnectionLost);
  expect(working).toEqual(['sort of 1', 'sort of 1', 'sort of 2']);
  gone.abort();
  ends[0]?.();
  await lost;
  while (working.length < 4) await new Promise(setImmediate);
  for (const end of ends) end();
  await Promise.all(asked.filter((_, at) => at !== 2));
  expect(working).toHaveLength(4);
  await close();
});
