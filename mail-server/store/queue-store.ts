import { accountId, customerId, type AccountId, type CustomerId } from '../../lib/db/ids.ts';
import { provenanceColumns, readProvenance, unknownProvenance, type Provenance } from '../../lib/mime/judgement.ts';
import { int8Array } from './binary-client.ts';
import type { Database, Query } from './database.ts';

export interface NewQueueRecipient {
  address: string;
  /** A-label, lower case */
  domain: string;
  dsnNotify: string | null;
  dsnOriginal: string | null;
}

export interface NewQueueMessage {
  customerId: CustomerId | null;
  accountId: AccountId | null;
  /** reverse-path, "" for a bounce */
  sender: string;
  locale: string;
  content: Buffer;
  smtputf8: boolean;
  dsnReturn: 'FULL' | 'HDRS' | null;
  dsnEnvelope: string | null;
  acceptKey: Buffer | null;
  /** how it came; absent: submitted where there is an `accountId`, else a report of ours */
  provenance?: Provenance;
  /** not before this time */
  releaseAt?: Date | null;
  /** its sender is known to be who he says and may be sent reports; left out: who submitted it here is */
  reports?: boolean;
  recipients: readonly NewQueueRecipient[];
}

/** A recipient that this worker may try now, and what is known of its message. */
export interface QueuedRecipient {
  id: number;
  messageId: number;
  address: string;
  domain: string;
  attempts: number;
  delayedNotice: boolean;
  dsnNotify: string | null;
  dsnOriginal: string | null;
  createdAt: Date;
  /** from when on it is tried: it may have been held */
  since: Date;
  customerId: CustomerId | null;
  accountId: AccountId | null;
  sender: string;
  locale: string;
  size: number;
  smtputf8: boolean;
  dsnReturn: 'FULL' | 'HDRS' | null;
  dsnEnvelope: string | null;
}

export interface AttemptResult {
  /** RFC 3463 */
  status: string;
  reply: string;
  remote: string | null;
}

const insert = {
  name: 'queue_insert',
  text: `with m as (
      insert into queue_message (customer_id, account_id, sender, locale, content, size, smtputf8, dsn_return, dsn_envelope, accept_key,
        origin, author, judgement, release_at, reports)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $15, $16, $17, $18, $19) on conflict (accept_key) do nothing returning id)
    insert into queue_recipient (message_id, address, domain, dsn_notify, dsn_original, next_attempt_at)
      select m.id, r.address, r.domain, r.notify, r.original, coalesce($18, now()) from m,
        unnest($11::text[], $12::text[], $13::text[], $14::text[]) r(address, domain, notify, original)
      returning message_id`,
};
const forgetKey = { name: 'queue_forget_key', text: 'update queue_message set accept_key = null where id = $1' };
// The column has milliseconds and rounds up, so what was put in just now may lie a moment ahead.
// next_attempt_at moves along with the lease, so that a leased row is no candidate and the index finds only what is due
const lease = {
  name: 'queue_lease',
  text: `with due as (
      select id from queue_recipient
      where state = 'queued' and next_attempt_at <= now() + interval '1 millisecond' and domain <> all ($3::text[])
        and id <> all ($5)
      order by next_attempt_at limit $2 for update skip locked),
    taken as (
      update queue_recipient r set leased_by = $1, leased_until = now() + make_interval(secs => $4), next_attempt_at = now() + make_interval(secs => $4)
      from due where r.id = due.id returning r.*)
    select t.id, t.message_id, t.address, t.domain, t.attempts, t.delayed_notice_at is not null, t.dsn_notify, t.dsn_original, m.created_at,
      greatest(m.created_at, m.release_at),
      m.customer_id, m.account_id, m.sender, m.locale, m.size, m.smtputf8, m.dsn_return, m.dsn_envelope
    from taken t join queue_message m on m.id = t.message_id order by t.id`,
};
const renew = {
  name: 'queue_renew',
  text: `update queue_recipient set leased_until = now() + make_interval(secs => $3), next_attempt_at = now() + make_interval(secs => $3)
    where id = any ($2) and leased_by = $1 and state = 'queued' returning id`,
};
// `leased_by` stays: what a worker once had is no longer held for its sender to take back
const giveBack = {
  name: 'queue_give_back',
  text: `update queue_recipient set leased_until = null, next_attempt_at = now() where leased_by = $1 and leased_until is not null and state = 'queued'`,
};
const forgetLetters = { name: 'queue_forget_letters', text: 'delete from submission_key where queue_id = any ($1)' };
const content = { name: 'queue_content', text: 'select content from queue_message where id = $1' };
const provenance = { name: 'queue_provenance', text: 'select origin, author, judgement::text from queue_message where id = $1' };
const finish = {
  name: 'queue_finish',
  text: `update queue_recipient set state = $2::queue_state, last_status = $3, last_reply = $4, last_remote = $5, attempts = attempts + 1, done_at = now(),
      leased_by = null, leased_until = null
    where id = $1 and leased_by = $6 and state = 'queued' returning id`,
};
const defer = {
  name: 'queue_defer',
  text: `update queue_recipient set attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $2), last_status = $3, last_reply = $4,
      last_remote = $5, leased_by = null, leased_until = null, delayed_notice_at = case when $7 then now() else delayed_notice_at end
    where id = $1 and leased_by = $6 and state = 'queued' returning id`,
};
// a message whose 250 may have got lost stays, so that its submission is recognised when it comes again
const deleteDone = {
  name: 'queue_delete_done',
  text: `delete from queue_message m where m.id = any ($1) and m.accept_key is null
    and not exists (select 1 from queue_recipient r where r.message_id = m.id and r.state = 'queued')`,
};
const orphans = {
  name: 'queue_delete_orphans',
  text: `delete from queue_message m where m.accept_key is not null and m.created_at < now() - interval '1 day'
    and not exists (select 1 from queue_recipient r where r.message_id = m.id and r.state = 'queued')`,
};
const lockMessages = { name: 'queue_lock_messages', text: 'select id from queue_message where id = any ($1) order by id for update' };

/** Seconds after which another worker may take over what a worker holds; it renews its lease long before. */
export const leaseSeconds = 30;

/** Puts a message into the durable queue. Null if its accept key is there already: it was queued before. */
export async function enqueue(query: Query, message: NewQueueMessage): Promise<number | null> {
  const { recipients } = message;
  const rows = await query(insert, [
    message.customerId,
    message.accountId,
    message.sender,
    message.locale,
    message.content,
    message.content.length,
    message.smtputf8,
    message.dsnReturn,
    message.dsnEnvelope,
    message.acceptKey,
    recipients.map((recipient) => recipient.address),
    recipients.map((recipient) => recipient.domain),
    recipients.map((recipient) => recipient.dsnNotify),
    recipients.map((recipient) => recipient.dsnOriginal),
    ...provenanceColumns(message.provenance ?? ours(message)),
    message.releaseAt?.toISOString() ?? null,
    message.reports ?? message.accountId !== null,
  ]);
  return rows[0] ? Number(rows[0][0]) : null;
}

const ours = ({ accountId: submittedBy }: NewQueueMessage): Provenance => ({
  ...unknownProvenance,
  origin: submittedBy === null ? 'report' : 'submitted',
  submittedBy,
});

/** The 250 of a submission was sent: identical mail that comes now is another message. */
export async function forgetAcceptKey(database: Database, queueId: number): Promise<void> {
  await database.write(forgetKey, [queueId]);
  await database.write(deleteDone, [int8Array([queueId])]);
}

/** Messages that are done, whose sender never heard of it and did not come again within a day. */
export async function deleteOrphans(database: Database): Promise<void> {
  await database.write(orphans);
}

/**
 * Takes up to `limit` recipients that are due, leaving out these domains. Nobody else gets them while the lease is renewed. `held`: what
 * the worker is still at, even if its lease ran out while the database was away.
 */
export async function leaseRecipients(
  database: Database,
  worker: string,
  limit: number,
  without: readonly string[],
  held: readonly number[] = [],
): Promise<QueuedRecipient[]> {
  const rows = await database.write(lease, [worker, limit, [...without], leaseSeconds, int8Array(held)]);
  return rows.map((row) => {
    const [
      id,
      messageId,
      address,
      domain,
      attempts,
      delayedNotice,
      dsnNotify,
      dsnOriginal,
      createdAt,
      since,
      customer,
      account,
      ...message
    ] = row as [
      number,
      number,
      string,
      string,
      number,
      boolean,
      string | null,
      string | null,
      Date,
      Date,
      number | null,
      number | null,
      string,
      string,
      number,
      boolean,
      'FULL' | 'HDRS' | null,
      string | null,
    ];
    const [sender, locale, size, smtputf8, dsnReturn, dsnEnvelope] = message;
    return {
      id,
      messageId,
      address,
      domain,
      attempts,
      delayedNotice,
      dsnNotify,
      dsnOriginal,
      createdAt,
      since,
      customerId: customer === null ? null : customerId(customer),
      accountId: account === null ? null : accountId(account),
      sender,
      locale,
      size,
      smtputf8,
      dsnReturn,
      dsnEnvelope,
    };
  });
}

/** Ids of those that the worker still holds. */
export async function renewLeases(database: Database, worker: string, ids: readonly number[]): Promise<Set<number>> {
  const rows = await database.write(renew, [worker, int8Array(ids), leaseSeconds]);
  return new Set(rows.map((row) => Number(row[0])));
}

/** A worker that ends gives back what it did not get done. */
export async function giveBackLeases(database: Database, worker: string): Promise<void> {
  await database.write(giveBack, [worker]);
}

export async function readQueuedContent(database: Database, messageId: number): Promise<Buffer | null> {
  const [row] = await database.bulk(content, [messageId]);
  return row?.[0] instanceof Buffer ? row[0] : null;
}

export async function readQueuedProvenance(database: Database, messageId: number): Promise<Provenance> {
  const [row] = await database.read(provenance, [messageId]);
  const [origin, author, judgement] = (row ?? ['unknown', null, null]) as [string, string | null, string | null];
  return readProvenance(origin, author, judgement);
}

export interface Settlement {
  worker: string;
  finished: readonly { id: number; state: 'delivered' | 'failed'; result: AttemptResult }[];
  deferred: readonly { id: number; delaySeconds: number; result: AttemptResult; delayedNotice: boolean }[];
  messageIds: readonly number[];
  /** reports to the sender, queued in the same transaction */
  reports: readonly NewQueueMessage[];
}

/**
 * Writes down what came of an attempt, and with it the reports to the sender: both or neither. A message whose last recipient is done
 * is deleted. False, and nothing is written, if the lease of a recipient was lost: another worker tries it again.
 */
export async function settleAttempt(database: Database, settlement: Settlement): Promise<boolean> {
  const { worker } = settlement;
  try {
    await database.transaction(async (query) => {
      // two workers that finish the last two recipients of a message at the same time must see each other
      await query(lockMessages, [int8Array(settlement.messageIds)]);
      for (const { id, state, result } of settlement.finished) {
        const rows = await query(finish, [id, state, result.status, result.reply, result.remote, worker]);
        if (rows.length === 0) throw new LeaseLost();
      }
      for (const { id, delaySeconds, result, delayedNotice } of settlement.deferred) {
        const rows = await query(defer, [id, delaySeconds, result.status, result.reply, result.remote, worker, delayedNotice]);
        if (rows.length === 0) throw new LeaseLost();
      }
      // what failed may be submitted again
      if (settlement.finished.some(({ state }) => state === 'failed')) await query(forgetLetters, [int8Array(settlement.messageIds)]);
      for (const report of settlement.reports) await enqueue(query, report);
      await query(deleteDone, [int8Array(settlement.messageIds)]);
    });
    return true;
  } catch (error) {
    if (error instanceof LeaseLost) return false;
    throw error;
  }
}

class LeaseLost extends Error {}
