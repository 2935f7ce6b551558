import type { Database, Query } from '../postgres/database.ts';
import { noteWroteTo } from './outgoing-guard.ts';
import { enqueue, type NewQueueMessage } from './queue-store.ts';
import { countMessagesOfCustomer, countSubmitted, insertTrace, type TraceEvent } from '../trace-store.ts';
import type { AccountId, CustomerId } from '../../../lib/db/ids.ts';

// one submission of a mailbox after the other, in whatever process, so that two cannot both count the same room as free
const lock = {
  name: 'submission_lock',
  text: `select pg_advisory_xact_lock(hashtextextended('submission ' || $1::text, 0)), clock_timestamp()`,
};

/** The same letter that comes again is known as long as it is in the queue, and so long after it was submitted or released. */
const knownFor = `interval '1 hour'`;
const known = {
  name: 'submission_known',
  text: `select k.queue_id from submission_key k where k.account_id = $1 and k.key = $2
    and (k.at > now() - ${knownFor} or exists (select 1 from queue_message m where m.id = k.queue_id))`,
};
const remember = {
  name: 'submission_remember',
  text: `insert into submission_key (account_id, key, queue_id, at) values ($1, $2, $3, coalesce($4, now()))
    on conflict (account_id, key) do update set queue_id = excluded.queue_id, at = excluded.at`,
};
const sweep = {
  name: 'submission_sweep',
  text: `delete from submission_key k where k.at < now() - ${knownFor} and not exists (select 1 from queue_message m where m.id = k.queue_id)`,
};

/**
 * 'repeated': the same letter is on its way, or went a moment ago. 'known': its accept key is in the queue, from before a crash or a lost
 * connection. 'too-many': the hour has no room for its recipients,
 * 'customer-full': for a message of its customer. 'slowed', 'sending-held': see guard.
 */
export type Submitted =
  | { kind: 'queued'; queueId: number; releaseAt: Date | null }
  | { kind: 'repeated'; queueId: number }
  | { kind: 'known'; queueId: null }
  | { kind: 'too-many' }
  | { kind: 'customer-full' }
  | { kind: 'slowed' }
  | { kind: 'sending-held' };

export interface HourlyLimits {
  /** recipients of one mailbox */
  sendPerHour: number;
  /** messages of one customer, where the operator set no number for it */
  customerMessagesPerHour: number;
}

/** Says in the transaction whether a mailbox may send at present (spam/guard-outgoing.ts); what it decides is committed with a refusal too. */
export type OutgoingGuard = (query: Query, recipients: readonly string[]) => Promise<'free' | 'slowed' | 'held'>;

interface NewSubmission {
  message: NewQueueMessage & { customerId: CustomerId; accountId: AccountId };
  key: Buffer | null;
  /** a person wrote it, and not a program or a button */
  byHand: boolean;
  /** when a letter that is taken at `now` is released; null: at once */
  releaseTime: (now: Date) => Date | null;
}

/**
 * Puts a submitted message into the queue, with the trace of its recipients, which is what the hour is counted from: both or neither.
 * `key` says which letter it is; null: it is none that came before. `message.accountId` and `customerId` must be those of the mailbox that sends.
 * All times are the database's, which says when a letter is due: the clock of this machine may be another.
 */
export function enqueueSubmission(
  database: Database,
  { message, key, byHand, releaseTime }: NewSubmission,
  limits: HourlyLimits,
  trace: (queueId: number, releaseAt: Date | null) => readonly TraceEvent[],
  guard: OutgoingGuard,
): Promise<Submitted> {
  return database.transaction(async (query): Promise<Submitted> => {
    const [locked] = await query(lock, [message.accountId]);
    const now = locked?.[1] as Date;
    const releaseAt = releaseTime(now);
    const [before] = key ? await query(known, [message.accountId, key]) : [];
    if (before) return { kind: 'repeated', queueId: Number(before[0]) };
    const sent = await countSubmitted(query, message.customerId, message.accountId);
    if (sent + message.recipients.length > limits.sendPerHour) return { kind: 'too-many' };
    const { messages, most } = await countMessagesOfCustomer(query, message.customerId, limits.customerMessagesPerHour);
    if (messages >= most) return { kind: 'customer-full' };
    const recipients = message.recipients.map(({ address }) => address);
    const verdict = await guard(query, recipients);
    if (verdict !== 'free') return { kind: verdict === 'held' ? 'sending-held' : 'slowed' };
    const queueId = await enqueue(query, { ...message, releaseAt });
    if (queueId === null) return { kind: 'known', queueId: null };
    await noteWroteTo(query, message.accountId, recipients, byHand);
    if (key) await query(remember, [message.accountId, key, queueId, releaseAt?.toISOString() ?? null]);
    await insertTrace(query, trace(queueId, releaseAt), now);
    return { kind: 'queued', queueId, releaseAt };
  });
}

/** Forgets letters that nobody will submit again. */
export async function sweepSubmissionKeys(database: Database): Promise<void> {
  await database.note(sweep, []);
}
