import { deleteOrphans, makeUpForClock } from '../store/queue/queue-settlement.ts';
import { sweepSubmissionKeys } from '../store/queue/submission-store.ts';
import type { Database } from '../store/postgres/database.ts';
import { longestWaitS } from './retry-schedule.ts';

/** What crashes, and clocks that were wrong, leave behind in the queue. */
export async function tidyQueue(database: Database): Promise<void> {
  await Promise.all([deleteOrphans(database), sweepSubmissionKeys(database), makeUpForClock(database, longestWaitS)]);
}
