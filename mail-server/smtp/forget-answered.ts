import { waitForDatabase } from '../queue/wait-for-database.ts';
import type { Services } from '../services.ts';
import { forgetAcceptKey, forgetSubmission } from '../store/queue/queue-settlement.ts';
import type { Database } from '../store/postgres/database.ts';

/**
 * The sender of a letter in the queue was told that it is there: the same octets are another letter from now on. A key that stayed because the database was
 * away at this moment would swallow, for a day, what a device sends each hour.
 */
export const forgetAnswered = (services: Asked, queueId: number): void => forget(services, queueId, forgetAcceptKey);

/** And he has read it: one with the same Message-ID is another letter too. What stayed would swallow it for an hour. */
export const forgetHeard = (services: Asked, queueId: number): void => forget(services, queueId, forgetSubmission);

type Asked = Pick<Services, 'database' | 'log'>;

function forget({ database, log }: Asked, queueId: number, how: (database: Database, queueId: number) => Promise<void>): void {
  waitForDatabase({ log }, () => how(database, queueId)).catch((error: unknown) =>
    log.warn({ err: error }, 'an answered letter is remembered'),
  );
}
