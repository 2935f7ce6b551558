import { waitForDatabase } from '../queue/wait-for-database.ts';
import type { Services } from '../services.ts';
import { forgetAcceptKey } from '../store/queue/queue-settlement.ts';

/**
 * The sender of a letter in the queue was told that it is there: the same octets are another letter from now on. A key that stayed because the database was
 * away at this moment would swallow, for a day, what a device sends each hour.
 */
export function forgetAnswered({ database, log }: Pick<Services, 'database' | 'log'>, queueId: number): void {
  waitForDatabase({ log }, () => forgetAcceptKey(database, queueId)).catch((error: unknown) =>
    log.warn({ err: error }, 'an accept key stays'),
  );
}
