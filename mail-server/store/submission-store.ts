import type { Database } from './database.ts';
import { enqueue, type NewQueueMessage } from './queue-store.ts';
import { countSubmitted, insertTrace, type TraceEvent } from './trace-store.ts';
import type { AccountId, CustomerId } from '../../lib/db/ids.ts';

// one submission of a mailbox after the other, in whatever process, so that two cannot both count the same room as free
const lock = { name: 'submission_lock', text: `select pg_advisory_xact_lock(hashtextextended('submission ' || $1::text, 0))` };

/** 'known': it is in the queue already, from before a crash or a lost connection. 'too-many': the hour has no room for its recipients. */
export type Submitted = { kind: 'queued'; queueId: number } | { kind: 'known' } | { kind: 'too-many' };

/**
 * Puts a submitted message into the queue, with the trace of its recipients, which is what the hour is counted from: both or neither.
 * `message.accountId` and `customerId` must be those of the mailbox that sends.
 */
export function enqueueSubmission(
  database: Database,
  message: NewQueueMessage & { customerId: CustomerId; accountId: AccountId },
  perHour: number,
  trace: (queueId: number) => readonly TraceEvent[],
): Promise<Submitted> {
  return database.transaction(async (query): Promise<Submitted> => {
    await query(lock, [message.accountId]);
    const sent = await countSubmitted(query, message.customerId, message.accountId);
    if (sent + message.recipients.length > perHour) return { kind: 'too-many' };
    const queueId = await enqueue(query, message);
    if (queueId === null) return { kind: 'known' };
    await insertTrace(query, trace(queueId), new Date());
    return { kind: 'queued', queueId };
  });
}
