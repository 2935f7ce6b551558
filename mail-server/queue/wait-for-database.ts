import { setTimeout as sleep } from 'node:timers/promises';
import type { Services } from '../services.ts';

const tries = 150; // five minutes; see answerWithin
const pauseMs = 2_000;

/**
 * For what has to be asked or written once a letter was sent: what was delivered must be written down, or it is delivered again, and what comes
 * back must come back whole. A database that is away is waited for, five minutes.
 */
export async function waitForDatabase<Result>(services: Services, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= tries) throw error;
      services.log.warn({ err: error, attempt }, 'the queue could not be written, trying again');
      await sleep(pauseMs);
    }
  }
}
