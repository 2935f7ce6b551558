import { setTimeout as sleep } from 'node:timers/promises';
import type { Services } from '../services.ts';
import { StoreError } from '../store/store-error.ts';

const tries = 150; // five minutes

/**
 * For what has to be asked or written once a letter was sent: what was delivered must be written down, or it is delivered again, and what comes
 * back must come back whole. A database that is away, or whose disk is full, is waited for as long as it takes: meanwhile nobody claims
 * anything, and afterwards this worker still holds what it was at. What it refuses is not tried for ever.
 */
export async function waitForDatabase<Result>(
  services: Pick<Services, 'log'>,
  work: () => Promise<Result>,
  pauseMs = 2_000,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= tries && !(error instanceof StoreError && error.code === 'Unavailable')) throw error;
      services.log.warn({ err: error, attempt }, 'the queue could not be written, trying again');
      await sleep(pauseMs);
    }
  }
}
