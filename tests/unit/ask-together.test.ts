import { expect, onTestFinished, test, vi } from 'vitest';
import { askTogether } from '#mail-server/store/postgres/ask-together.ts';
import { openDatabase } from '#mail-server/store/postgres/database.ts';
import { noteForwardSuccess } from '#mail-server/store/queue/forward-failures.ts';

/** never asked, and so never connected to */
const unused = () => openDatabase({ connectionString: 'postgres://127.0.0.1:1/none' });

/** Answers what is even, tenfold; each round waits until it is let go. */
function openRounds() {
  const rounds: { all: readonly number[]; answer: (error?: Error) => void }[] = [];
  let told = (): void => undefined;
  const ask = askTogether<number, number>(async (_, all) => {
    await new Promise<void>((resolve, reject) => {
      rounds.push({ all, answer: (error) => (error ? reject(error) : resolve()) });
      told();
    });
    return new Map(all.filter((one) => one % 2 === 0).map((one) => [one, one * 10]));
  });
  const round = async (at: number): Promise<(typeof rounds)[number]> => {
    for (let found = rounds[at]; ; found = rounds[at]) {
      if (found) return found;
      await new Promise<void>((resolve) => (told = resolve));
    }
  };
  return { ask, round, rounds };
}

test('what is asked while a statement is under way goes with the next one, and each hears his own answer or none', async () => {
  const { ask, round, rounds } = openRounds();
  const database = unused();
  const first = ask(database, 2);
  await round(0);
  const later = [3, 4, 2].map((one) => ask(database, one));
  (await round(0)).answer();
  expect(await first).toBe(20);
  (await round(1)).answer();
  expect(await Promise.all(later)).toEqual([undefined, 40, 20]);
  expect(rounds.map(({ all }) => all)).toEqual([[2], [3, 4, 2]]);
});

test('a statement that fails answers nobody, and the next one is made all the same', async () => {
  const { ask, round } = openRounds();
  const database = unused();
  const failing = [ask(database, 2), ask(database, 4)];
  (await round(0)).answer(new Error('one of them is no number'));
  expect(await Promise.all(failing)).toEqual([undefined, undefined]);
  const after = ask(database, 6);
  (await round(1)).answer();
  expect(await after).toBe(60);
});

test('where the database hangs, who asked and who waited behind it hear so at once, and who comes later asks anew', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { ask, round, rounds } = openRounds();
  const database = unused();
  const first = ask(database, 2);
  const hung = await round(0);
  const waiting = [first, ...Array.from({ length: 150 }, () => ask(database, 4))].map((each) => expect(each).rejects.toThrow('timeout'));
  vi.advanceTimersByTime(20_000);
  hung.answer(new Error('timeout'));
  await Promise.all(waiting);
  const after = ask(database, 6);
  (await round(1)).answer();
  expect(await after).toBe(60);
  expect(rounds.map(({ all }) => all)).toEqual([[2], [6]]);
});

test('a statement has a hundred rows at the most, and another database is not waited for', async () => {
  const { ask, round, rounds } = openRounds();
  const [database, other] = [unused(), unused()];
  const many = Array.from({ length: 250 }, (_, at) => ask(database, at * 2));
  const elsewhere = ask(other, 8);
  for (const at of [0, 1]) (await round(at)).answer();
  expect(await elsewhere).toBe(80);
  for (const at of [2, 3]) (await round(at)).answer();
  expect(await Promise.all(many)).toEqual(many.map((_, at) => at * 20));
  expect(rounds.map(({ all }) => all.length).sort()).toEqual([1, 100, 100, 50]);
});

test('that a forward works need not be noted: the letter that says so has its end all the same', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const note = () => {
    vi.advanceTimersByTime(120_000);
    return Promise.reject(new Error('timeout'));
  };
  await noteForwardSuccess({ ...unused(), note }, { kind: 'forward', id: 1 }, ['max@muster.at']);
});
