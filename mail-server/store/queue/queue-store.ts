import type { AccountId, CustomerId } from '../../../lib/db/ids.ts';
import { provenanceColumns, readProvenance, type Provenance } from '../../../lib/mime/judgement.ts';
import { int8Array } from '../postgres/binary-client.ts';
import type { Database, Query } from '../postgres/database.ts';

export interface NewQueueRecipient {
  address: string;
  /** A-label, lower case */
  domain: string;
  dsnNotify: string | null;
  dsnOriginal: string | null;
  /** whose mailbox it is that an address led to: nobody gets it who has its address since; left out: it was written to the address */
  within?: CustomerId;
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
  /** how it came: what mailboxes, filter and pages make of it; what the house writes says so (writtenHere) */
  provenance: Provenance;
  /** not before this time */
  releaseAt?: Date | null;
  /** its sender is known to be who he says and may be sent reports; left out: who submitted it here is */
  reports?: boolean;
  /** who passes it on (delivery/srs.ts): a failure is told to whoever set that, not to its sender */
  passedOnBy?: string | null;
  /** mailboxes that have it already: what leads to them too brings no second copy */
  deliveredTo?: readonly AccountId[];
  /** RFC 8689: over verified TLS to hosts that promise the same, or not at all */
  requireTls?: boolean;
  /** RFC 8689 section 3: what the recipients' domains demand of TLS is not enforced */
  tlsOptional?: boolean;
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
  /** whose it was when what leads to it was followed */
  within: CustomerId | null;
  createdAt: Date;
  /** from when on it is tried: it may have been held */
  since: Date;
  /** the database's time when the worker got it: what follows from how long it waits is measured by no other clock */
  claimedAt: Date;
  customerId: CustomerId | null;
  accountId: AccountId | null;
  sender: string;
  locale: string;
  size: number;
  smtputf8: boolean;
  dsnReturn: 'FULL' | 'HDRS' | null;
  dsnEnvelope: string | null;
  /** reports may go to its sender */
  reports: boolean;
  passedOnBy: string | null;
  requireTls: boolean;
  tlsOptional: boolean;
  /** an earlier attempt sent all of it, and nobody knows whether the host took it */
  unanswered: boolean;
  /** somebody here entered the domain, proved or not: the address may be one of ours */
  isHosted: boolean;
  /** of the first recipient of a message, where it was asked for and is small */
  content: Buffer | null;
}

export interface AttemptResult {
  /** RFC 3463 */
  status: string;
  reply: string;
  remote: string | null;
  /** of the machine that was spoken with, where the name may stand for several */
  address?: string;
  /** how the session with it is encrypted, for the log */
  tls?: string;
}

const insert = {
  name: 'queue_insert',
  text: `with m as (
      insert into queue_message (customer_id, account_id, sender, locale, content, size, smtputf8, dsn_return, dsn_envelope, accept_key,
        origin, author, judgement, release_at, reports, passed_on_by, delivered_to, require_tls, tls_optional)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $15, $16, $17, $18, $19, $20, $21, $22, $23) on conflict (accept_key) do nothing returning id)
    insert into queue_recipient (message_id, address, domain, dsn_notify, dsn_original, within_customer, next_attempt_at)
      select m.id, r.address, r.domain, r.notify, r.original, nullif(r.within, 0), coalesce($18, now()) from m,
        unnest($11::text[], $12::text[], $13::text[], $14::text[], $24::int8[]) r(address, domain, notify, original, within)
      returning message_id`,
};
/**
 * Nobody else may begin with what a worker has handed to another host to the last dot before its answer must have come; longer than the
 * answer may take (10 minutes) and its writing down.
 */
export const answerWithin = `interval '16 minutes'`;
/** Of a recipient r: what a worker had that died is not sent in its place where the guard has stopped its mailbox since. */
export const isNotStopped = `(r.leased_until is null or not exists (select 1 from queue_message q join mailbox b on b.id = q.account_id
          where q.id = r.message_id and b.sending_held_at is not null))`;
/** Recipients r that may be claimed. The column has milliseconds and rounds up, so what was put in just now may lie a moment ahead. */
export const isDue = `r.state = 'queued' and r.next_attempt_at <= now() + interval '1 millisecond'
        and (r.dot_sent_at is null or r.dot_sent_at < now() - ${answerWithin}) and ${isNotStopped}`;
/**
 * When what a worker puts back is tried again: what was being delivered while the guard stopped its mailbox must not leave after all. Whoever stops
 * or releases the mailbox this moment is waited for, or waits and then finds what was put back.
 */
export const unlessStopped = (
  when: string,
): string => `case when (select b.sending_held_at is not null from queue_message q join mailbox b on b.id = q.account_id
    where q.id = queue_recipient.message_id for share of b) then until_released() else ${when} end`;
/** What is read of a recipient that is leased (`t`) and of its message (`m`); its content follows. */
const columns: Record<Exclude<keyof QueuedRecipient, 'content'>, string> = {
  id: 't.id',
  messageId: 't.message_id',
  address: 't.address',
  domain: 't.domain',
  attempts: 't.attempts',
  delayedNotice: 't.delayed_notice_at is not null',
  dsnNotify: 't.dsn_notify',
  dsnOriginal: 't.dsn_original',
  within: 't.within_customer',
  createdAt: 'm.created_at',
  since: 'greatest(m.created_at, m.release_at)',
  claimedAt: 'now()',
  customerId: 'm.customer_id',
  accountId: 'm.account_id',
  sender: 'm.sender',
  locale: 'm.locale',
  size: 'm.size',
  smtputf8: 'm.smtputf8',
  dsnReturn: 'm.dsn_return',
  dsnEnvelope: 'm.dsn_envelope',
  reports: 'm.reports',
  passedOnBy: 'm.passed_on_by',
  requireTls: 'm.require_tls',
  tlsOptional: 'm.tls_optional',
  unanswered: 't.unanswered',
  isHosted: 'exists (select 1 from domain d where d.name = t.domain)',
};
const names = [...Object.keys(columns), 'content'];
/** Leases what `due` has chosen. next_attempt_at moves along, so that a leased row is no candidate and the index finds only what is due. */
export const takeDue = (worker: string, seconds: string, content = 'null::bytea'): string => `taken as (
      update queue_recipient r set leased_by = ${worker}, leased_until = now() + make_interval(secs => ${seconds}),
        next_attempt_at = now() + make_interval(secs => ${seconds}), dot_sent_at = null
      from due where r.id = due.id returning r.*, due.dot_sent_at is not null as unanswered)
    select ${Object.values(columns).join(', ')}, ${content}
    from taken t join queue_message m on m.id = t.message_id order by t.id`;
const lease = (name: string, where: string) => ({
  name: `queue_lease_${name}`,
  text: `with due as (
      select id, dot_sent_at from queue_recipient r where ${isDue} and id <> all ($4) and ${where} and address <> all ($6::text[])
      order by next_attempt_at limit $2 for update skip locked),
    ${takeDue('$1', '$3')}`,
});
const leaseAny = lease('any', 'domain <> all ($5::text[])');
const leaseOf = lease('of', 'domain = $5');
const renew = {
  name: 'queue_renew',
  text: `update queue_recipient set leased_until = greatest(leased_until, now() + make_interval(secs => $3)),
      next_attempt_at = greatest(next_attempt_at, now() + make_interval(secs => $3))
    where id = any ($2) and leased_by = $1 and state = 'queued' returning id`,
};
const content = { name: 'queue_content', text: 'select content from queue_message where id = $1' };
const otherRecipients = {
  name: 'queue_other_recipients',
  text: `select m.delivered_to, (select coalesce(json_agg(r.address), '[]') from queue_recipient r where r.message_id = m.id)::text
    from queue_message m where m.id = $1`,
};
const whole = { name: 'queue_whole', text: 'select content, origin, author, judgement::text from queue_message where id = $1' };

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
    ...provenanceColumns(message.provenance),
    message.releaseAt?.toISOString() ?? null,
    message.reports ?? message.accountId !== null,
    message.passedOnBy ?? null,
    int8Array(message.deliveredTo ?? []),
    message.requireTls ?? false,
    message.tlsOptional ?? false,
    int8Array(recipients.map(({ within }) => within ?? 0)),
  ]);
  return rows[0] ? Number(rows[0][0]) : null;
}

export async function readQueuedContent(database: Database, messageId: number): Promise<Buffer | null> {
  const [row] = await database.bulk(content, [messageId]);
  return row?.[0] instanceof Buffer ? row[0] : null;
}

/**
 * Takes up to `limit` recipients that are due, of one domain or of all but some. Nobody else gets them while the lease is renewed. `held`:
 * what the worker is still at, even if its lease ran out while the database was away. `without`: addresses that nothing is taken for.
 */
export async function leaseRecipients(
  database: Database,
  worker: string,
  limit: number,
  domains: readonly string[] | string,
  held: readonly number[] = [],
  without: readonly string[] = [],
): Promise<QueuedRecipient[]> {
  const statement = typeof domains === 'string' ? leaseOf : leaseAny;
  const chosen = typeof domains === 'string' ? domains : [...domains];
  return (await database.note(statement, [worker, limit, leaseSeconds, int8Array(held), chosen, [...without]])).map(queuedRecipient);
}

/** Ids of those that the worker still holds. */
export async function renewLeases(database: Database, worker: string, ids: readonly number[]): Promise<Set<number>> {
  const rows = await database.write(renew, [worker, int8Array(ids), leaseSeconds]);
  return new Set(rows.map((row) => Number(row[0])));
}

/** A row of `takeDue`. */
export function queuedRecipient(row: readonly unknown[]): QueuedRecipient {
  const fields: unknown = Object.fromEntries(names.map((name, at) => [name, row[at]]));
  return fields as QueuedRecipient;
}

/** Who has a message already, or gets it by an address of his own: mailboxes, and the addresses of its other recipients. */
export async function readOtherRecipients(database: Database, messageId: number): Promise<{ accounts: number[]; addresses: string[] }> {
  const [row] = await database.read(otherRecipients, [messageId]);
  const [accounts, addresses] = (row ?? [[], '[]']) as [number[], string];
  return { accounts, addresses: JSON.parse(addresses) as string[] };
}

/** A message and what is known of it. Null: it is gone. */
export async function readQueued(database: Database, messageId: number): Promise<{ content: Buffer; provenance: Provenance } | null> {
  const [row] = await database.bulk(whole, [messageId]);
  if (!row) return null;
  const [bytes, origin, author, judgement] = row as [Buffer, string, string | null, string | null];
  return { content: bytes, provenance: readProvenance(origin, author, judgement) };
}
