import { expect, test } from 'vitest';
import { longestTurn, processorTime } from '#tests/support/processor-time.ts';

test('what takes less than a tick of the system is counted, and not as a whole one', () => {
  const work = (): number => {
    let sum = 0;
    for (let at = 0; at < 200_000; at++) sum += Math.sqrt(at);
    return sum;
  };
  work();
  const counted = Array.from({ length: 20 }, () => {
    const before = processorTime();
    expect(work()).toBeGreaterThan(0);
    return processorTime() - before;
  });
  expect(Math.min(...counted)).toBeGreaterThan(0);
});

test('a turn counts also where the work ends with it', async () => {
  const work = async (): Promise<void> => {
    const until = processorTime() + 100;
    while (processorTime() < until);
  };
  expect(await longestTurn(work)).toBeGreaterThanOrEqual(100);
  expect(await longestTurn(() => new Promise((resolve) => setImmediate(() => resolve(work()))))).toBeGreaterThanOrEqual(100);
});
