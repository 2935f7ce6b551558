import type { Database, Query } from '../postgres/database.ts';

export interface WaitingMessage {
  id: number;
  createdAt: Date;
  sender: string;
  size: number;
  /** its sender wants it to go then; null: it may go */
  releaseAt: Date | null;
  recipients: WaitingRecipient[];
}

export interface WaitingRecipient {
  address: string;
  attempts: number;
  /** null: held, until it is released */
  nextAttemptAt: Date | null;
  /** a worker has it at this moment */
  inDelivery: boolean;
  lastReply: string | null;
}

/** The time of the next attempt of what is held. */
const never = `timestamptz '9999-01-01'`;

const waiting = {
  name: 'queue_operations_waiting',
  text: `select m.id, m.created_at, m.sender, m.size, case when m.release_at > now() then m.release_at end, r.address, r.attempts, case when r.next_attempt_at < ${never} then r.next_attempt_at end,
      coalesce(r.leased_until > now(), false), r.last_reply
    from (select * from queue_message q where ($1::int8 is null or q.id = $1)
      and exists (select 1 from queue_recipient w where w.message_id = q.id and w.state = 'queued') order by q.id limit $2) m
    join queue_recipient r on r.message_id = m.id and r.state = 'queued' order by m.id, r.id`,
};
const header = {
  name: 'queue_operations_header',
  text: `select substring(content from 1 for 65536) from queue_message where id = $1`,
};
// what a worker has at this moment is left to it, and what its sender holds to him
const schedule = (name: string, when: string) => ({
  name: `queue_operations_${name}`,
  text: `update queue_recipient set next_attempt_at = ${when} where state = 'queued' and (leased_until is null or leased_until < now())
    and ($1::int8 is null or message_id = $1)
    and not exists (select 1 from queue_message m where m.id = message_id and m.release_at > now()) returning id`,
});
const retry = schedule('retry', 'now()');
const hold = schedule('hold', never);
const drop = { name: 'queue_operations_drop', text: 'delete from queue_message where id = $1 returning id' };
const measure = {
  name: 'queue_operations_measure',
  text: `select count(*), coalesce(extract(epoch from now() - min(greatest(m.created_at, m.release_at))), 0)::int8
    from queue_recipient r join queue_message m on m.id = r.message_id where r.state = 'queued' and (m.release_at is null or m.release_at <= now())`,
};
const trace = {
  name: 'queue_operations_trace',
  text: `select at, step, queue_id, sender, recipient, status, detail, remote from trace_event
    where queue_id::text = $1 or lower(sender) = lower($1) or lower(recipient) = lower($1) or message_ref = $1 or message_ref = '<' || $1 || '>'
    order by at desc, id desc limit $2`,
};

const rowsTo = (row: readonly unknown[]) =>
  row as [number, Date, string, number, Date | null, string, number, Date | null, boolean, string | null];

/** Messages with recipients that still wait, oldest first; `id` null: all, at most `limit`. */
export async function listQueue(database: Database, id: number | null, limit: number): Promise<WaitingMessage[]> {
  const messages = new Map<number, WaitingMessage>();
  for (const row of await database.bulk(waiting, [id, limit])) {
    const [messageId, createdAt, sender, size, releaseAt, address, attempts, nextAttemptAt, inDelivery, lastReply] = rowsTo(row);
    const message = messages.get(messageId) ?? { id: messageId, createdAt, sender, size, releaseAt, recipients: [] };
    message.recipients.push({ address, attempts, nextAttemptAt, inDelivery, lastReply });
    messages.set(messageId, message);
  }
  return [...messages.values()];
}

/** The beginning of a queued message, or null. */
export async function readQueuedBeginning(database: Database, id: number): Promise<Buffer | null> {
  const [row] = await database.bulk(header, [id]);
  return row?.[0] instanceof Buffer ? row[0] : null;
}

/** Makes what waits due at once, also what is held; null: all of it. Returns how many recipients. */
export const retryQueued = async (query: Query, id: number | null): Promise<number> => (await query(retry, [id])).length;

/** Lets it lie until it is retried. Returns how many recipients. */
export const holdQueued = async (query: Query, id: number | null): Promise<number> => (await query(hold, [id])).length;

/** Deletes a message with all that waits of it; nobody is told. False: there is none. */
export const dropQueued = async (query: Query, id: number): Promise<boolean> => (await query(drop, [id])).length > 0;

export async function measureQueue(database: Database): Promise<{ recipients: number; oldestSeconds: number }> {
  const [row] = await database.read(measure);
  return { recipients: Number(row?.[0] ?? 0), oldestSeconds: Number(row?.[1] ?? 0) };
}

export interface TraceLine {
  at: Date;
  step: string;
  queueId: number | null;
  sender: string;
  recipient: string;
  status: string | null;
  detail: string | null;
  remote: string | null;
}

/** What happened lately to a message, by its number in the queue, its Message-ID or an address; newest first. */
export async function readTrace(database: Database, about: string, limit: number): Promise<TraceLine[]> {
  return (await database.bulk(trace, [about, limit])).map((row) => {
    const [at, step, queueId, sender, recipient, status, detail, remote] = row as [
      Date,
      string,
      number | null,
      string,
      string,
      string | null,
      string | null,
      string | null,
    ];
    return { at, step, queueId, sender, recipient, status, detail, remote };
  });
}
