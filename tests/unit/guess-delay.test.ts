import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GuessDelay } from '#mail-server/auth/guess-delay.ts';

const options = { stepMs: 100, mostMs: 300, patienceMs: 1_000, forgetMs: 60_000 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** When the answers come, in ms from now; null: none, the connection is cut. */
async function answers(delay: GuessDelay, count: number, network = 'a', repeated = false): Promise<(number | null)[]> {
  const started = Date.now();
  const all = Array.from({ length: count }, async () => ((await delay.wrong(network, repeated)) ? Date.now() - started : null));
  await vi.advanceTimersByTimeAsync(10_000);
  return Promise.all(all);
}

describe('wrong answers to one network', () => {
  test('come one after the other, each later, and none where too many wait', async () => {
    expect(await answers(new GuessDelay(options), 7)).toEqual([100, 300, 600, 900, null, null, null]);
  });

  test('do not keep another network waiting', async () => {
    const delay = new GuessDelay(options);
    void answers(delay, 5, 'a');
    expect(await answers(delay, 1, 'b')).toEqual([100]);
  });

  test('come no later for what was wrong before', async () => {
    expect(await answers(new GuessDelay(options), 3, 'a', true)).toEqual([100, 200, 300]);
  });

  test('are counted here where nobody can be asked', async () => {
    const away = { turn: () => Promise.reject(new Error('away')), knows: () => Promise.reject(new Error('away')) };
    const delay = new GuessDelay(options, away);
    expect(await answers(delay, 2)).toEqual([100, 300]);
    expect(await delay.knownElsewhere('a')).toBe(false);
  });

  test('are forgotten in time', async () => {
    const delay = new GuessDelay(options);
    await answers(delay, 4);
    expect(delay.knows('a')).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(delay.knows('a')).toBe(false);
    expect(await answers(delay, 1)).toEqual([100]);
  });
});
