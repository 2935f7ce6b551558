import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long a test waits for an answer or for what comes later: long for a machine that does other things, and less than the half minute after
 * which leases run out and pages ask by themselves, so that these help no test.
 */
export const patienceMs = 25_000;

/** Asks until the answer is not null or undefined (or false). Fails after `withinMs`, telling what was waited for. */
export async function eventually<T>(what: string, ask: () => Promise<T | null | undefined | false>, withinMs = patienceMs): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await sleep(20);
  }
}
