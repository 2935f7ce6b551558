import type { Database } from './database.ts';
import { enqueue, type NewQueueMessage } from './queue-store.ts';
import { countMessagesOfCustomer, countSubmitted, insertTrace, type TraceEvent } from './trace-store.ts';
import type { AccountId, CustomerId } from '../../lib/db/ids.ts';

// one submission of a mailbox after the other, in whatever process, so that two cannot both count the same room as free
const lock = { name: 'submission_lock', text: `select pg_advisory_xact_lock(hashtextextended('submission ' || $1::text, 0))` };

/** 'known': it is in the queue already, from before a crash or a lost connection. 'too-many': the hour has no room for its recipients, 'customer-full': for a message of its customer. */
export type Submitted = { kind: 'queued'; queueId: number } | { kind: 'known' } | { kind: 'too-many' } | { kind: 'customer-full' };

export interface HourlyLimits {
  /** recipients of one mailbox */
  sendPerHour: number;
  /** messages of one customer, where the operator set no number for it */
  customerMessagesPerHour: number;
}

/**
 * Puts a submitted message into the queue, with the trace of its recipients, which is what the hour is counted from: both or neither.
 * `message.accountId` and `customerId` must be those of the mailbox that sends.
 */
export function enqueueSubmission(
  database: Database,
  message: NewQueueMessage & { customerId: CustomerId; accountId: AccountId },
  limits: HourlyLimits,
  trace: (queueId: number) => readonly TraceEvent[],
): Promise<Submitted> {
  return database.transaction(async (query): Promise<Submitted> => {
    await query(lock, [message.accountId]);
    const sent = await countSubmitted(query, message.customerId, message.accountId);
    if (sent + message.recipients.length > limits.sendPerHour) return { kind: 'too-many' };
    const { messages, most } = await countMessagesOfCustomer(query, message.customerId, limits.customerMessagesPerHour);
    if (messages >= most) return { kind: 'customer-full' };
    const queueId = await enqueue(query, message);
    if (queueId === null) return { kind: 'known' };
    await insertTrace(query, trace(queueId), new Date());
    return { kind: 'queued', queueId };
  });
}
