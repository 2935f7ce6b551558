import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks until the answer is not null or undefined (or false). Fails after `withinMs`, telling what was waited for: long for a machine that
 * does other things, and less than the half minute after which leases run out and pages ask by themselves, so that these help no test.
 */
export async function eventually<T>(what: string, ask: () => Promise<T | null | undefined | false>, withinMs = 25_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await sleep(20);
  }
}
