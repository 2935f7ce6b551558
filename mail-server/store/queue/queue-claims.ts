import { customerId, type CustomerId } from '../../../lib/db/ids.ts';
import { askTogether } from '../postgres/ask-together.ts';
import { int8Array } from '../postgres/binary-client.ts';
import type { Database } from '../postgres/database.ts';
import {
  answerWithin,
  isDue,
  isNotStopped,
  leaseSeconds,
  queuedRecipient,
  takeDue,
  unlessStopped,
  type AttemptResult,
  type QueuedRecipient,
} from './queue-store.ts';

// one step of the index for each domain: a backlog of one costs no more than a letter, but where who has his share ($3 to $6) waits in front of others
const domains = {
  name: 'queue_due_domains',
  text: `with recursive next as (
      (select domain, next_attempt_at, attempts from queue_recipient where state = 'queued' order by domain, next_attempt_at limit 1)
      union all
      select n.domain, n.next_attempt_at, n.attempts from next cross join lateral (
        select domain, next_attempt_at, attempts from queue_recipient where state = 'queued' and domain > next.domain
        order by domain, next_attempt_at limit 1) n)
    select next.domain, due.attempts > 0, due.customer_id, ours.id is not null from next
      left join domain ours on ours.name = next.domain and ours.verified_at is not null
      cross join lateral (
        select r.attempts, r.next_attempt_at, m.customer_id from queue_recipient r join queue_message m on m.id = r.message_id
        where r.state = 'queued' and r.domain = next.domain and r.next_attempt_at <= now() + interval '1 millisecond' and ${isNotStopped}
          and (ours.id is not null or coalesce(m.customer_id, 0) <> all ($3) and coalesce(m.customer_id, 0) <= $5
            and (r.attempts = 0 or coalesce(m.customer_id, 0) <> all ($4) and coalesce(m.customer_id, 0) <= $6))
        order by r.next_attempt_at limit 1) due
    where next.next_attempt_at <= now() + interval '1 millisecond' and next.domain <> all ($1::text[])
    order by due.attempts > 0, due.next_attempt_at limit $2`,
};
// an ORCPT belongs to one recipient, so it has a transaction of its own
const batch = {
  name: 'queue_claim_batch',
  text: `with oldest as (
      select id, message_id, dsn_notify, dsn_original from queue_recipient r where ${isDue} and domain = $5 and id <> all ($4)
        and (not $6 or not exists (select 1 from queue_message m where m.id = message_id and m.tls_optional))
        and ($10::boolean or exists (select 1 from queue_message m where m.id = message_id and coalesce(m.customer_id, 0) <> all ($7)
          and (coalesce(m.customer_id, 0) <= $8 or coalesce(m.customer_id, 0) = $9)))
      order by next_attempt_at, id limit 1 for update skip locked),
    due as (
      select r.id, r.dot_sent_at from queue_recipient r join oldest o on r.message_id = o.message_id
      where ${isDue} and r.domain = $5 and r.id <> all ($4)
        and r.dsn_notify is not distinct from o.dsn_notify
        and (r.id = o.id or (r.dsn_original is null and o.dsn_original is null))
      order by r.id limit $2 for update of r skip locked),
    ${takeDue('$1', '$3', 'case when t.id = min(t.id) over () and m.size <= $11 then m.content end')}`,
};
const sealed = `dot_sent_at = now(), leased_until = now() + ${answerWithin}, next_attempt_at = now() + ${answerWithin}`;
const seal = {
  name: 'queue_seal',
  text: `with mine as (
      select id from queue_recipient where id = any ($1) and leased_by = $2 and state = 'queued' order by id for update)
    update queue_recipient r set ${sealed}
    from mine where r.id = mine.id and (select count(*) from mine) = cardinality($1::int8[]) returning r.id`,
};
const sealAtOnce = {
  name: 'queue_seal_at_once',
  text: `with asked as (select * from unnest($1::int8[], $2::text[], $3::int8[]) a(id, worker, letter)),
    mine as (select r.id, a.letter from queue_recipient r join asked a on a.id = r.id and a.worker = r.leased_by
      where r.id = any ($1) and r.state = 'queued' order by r.id for update of r skip locked),
    whole as (select letter from asked left join mine using (id, letter) group by letter having count(*) = count(mine.id))
    update queue_recipient r set ${sealed} from mine join whole using (letter) where r.id = mine.id returning mine.letter`,
};
// `leased_by` stays: what a worker once had is no longer held for its sender to take back
const release = {
  name: 'queue_release',
  text: `update queue_recipient set leased_until = null, next_attempt_at = ${unlessStopped('now()')}, dot_sent_at = null, last_status = coalesce($3::text, last_status),
      last_reply = coalesce($4::text, last_reply), last_remote = case when $4::text is null then last_remote else $5::text end
    where id = any ($2) and leased_by = $1 and state = 'queued'`,
};
const giveBack = {
  name: 'queue_give_back',
  text: `update queue_recipient set leased_until = null, next_attempt_at = ${unlessStopped('now()')}
    where leased_by = $1 and leased_until is not null and dot_sent_at is null and state = 'queued'`,
};

const settled = {
  name: 'customer_settled',
  text: `select coalesce(max(c.id), 0) from customer c, (select min(created_at) as began from customer) first
    where c.created_at <= now() - least(interval '30 days', (now() - first.began) / 2)`,
};
const heldElsewhere = {
  name: 'queue_held_elsewhere',
  text: `select 1 from queue_recipient where state = 'queued' and domain = $1 and next_attempt_at > now()
      and leased_by <> $2 and leased_until > now() limit 1`,
};

export interface DueDomain {
  name: string;
  /** what is due there was tried before */
  again: boolean;
  /** whose letter waits longest there; null for a report of the host */
  customer: CustomerId | null;
  /** a domain of a customer here, so no other host has to be waited for */
  ours: boolean;
}

/** As `newerThan`, greater than the number of any customer. */
export const nobodyIsNew = Number.MAX_SAFE_INTEGER;

/** Whose letters are left out. */
export interface Without {
  customers: readonly (CustomerId | null)[];
  /** and those of all customers with a greater number */
  newerThan: number;
  /** but not his */
  but?: CustomerId | null | undefined;
}

export interface LeftOut {
  domains: readonly string[];
  /** nothing of theirs, but what goes to domains here */
  all: Without;
  /** nothing of theirs that was tried before */
  again: Without;
}

/** The host's own letters have no customer, and no customer has the number 0. */
const customersOf = (customers: readonly (CustomerId | null)[]) => int8Array(customers.map((customer) => customer ?? 0));

/** Domains that something is due for; those of first attempts before the others, the longest waiting first. */
export async function dueDomains(database: Database, { domains: names, all, again }: LeftOut, limit: number): Promise<DueDomain[]> {
  const without = [customersOf(all.customers), customersOf(again.customers), all.newerThan, again.newerThan];
  const rows = await database.write(domains, [[...names], limit, ...without]);
  return rows.map(([name, tried, customer, ours]) => ({
    name: String(name),
    again: tried === true,
    customer: customer === null ? null : customerId(Number(customer)),
    ours: ours === true,
  }));
}

export interface BatchWanted {
  worker: string;
  domain: string;
  limit: number;
  /** what the worker is at already */
  held: readonly number[];
  /** only messages for which what the domain demands of TLS is enforced */
  enforced?: boolean;
  /** nothing of these */
  without?: Without;
  /** a content up to this size is brought along */
  contentBytes?: number;
}

/**
 * Leases up to `limit` recipients of the oldest message for a domain that may go in one transaction. Does not wait for the disk: a lease
 * that a crash of the database takes back is missed before the last dot.
 */
export async function claimBatch(database: Database, wanted: BatchWanted): Promise<QueuedRecipient[]> {
  const { worker, domain, limit, held, enforced = false, without, contentBytes = 0 } = wanted;
  const { customers = [], newerThan = nobodyIsNew, but } = without ?? {};
  const isAll = customers.length === 0 && newerThan === nobodyIsNew;
  const left = [customersOf(customers), newerThan, but === undefined ? -1 : (but ?? 0), isAll];
  const values = [worker, limit, leaseSeconds, int8Array(held), domain, enforced, ...left, contentBytes];
  return (await database.note(batch, values)).map(queuedRecipient);
}

interface Lease {
  worker: string;
  /** recipients of one message */
  ids: readonly number[];
}

const sealTogether = askTogether<Lease, true>(async (database, leases) => {
  const asked = leases.flatMap(({ worker, ids }, letter) => ids.map((id) => ({ id, worker, letter })));
  const rows = await database.write(sealAtOnce, [
    int8Array(asked.map(({ id }) => id)),
    asked.map(({ worker }) => worker),
    int8Array(asked.map(({ letter }) => letter)),
  ]);
  const letters = new Set(rows.map(([letter]) => Number(letter)));
  return new Map(leases.filter((_, letter) => letters.has(letter)).map((lease) => [lease, true]));
});

/**
 * Writes down that the end of a message is about to be sent to another host. True: the worker holds all of them, and nobody else begins
 * with them until the answer must have come. False: another worker has one of them, so this one must not send the dot.
 */
export async function sealLeases(database: Database, worker: string, ids: readonly number[]): Promise<boolean> {
  return (await sealTogether(database, { worker, ids })) || (await database.write(seal, [int8Array(ids), worker])).length === ids.length;
}

/** Another worker is at something for the domain. */
export async function isHeldElsewhere(database: Database, worker: string, domain: string): Promise<boolean> {
  return (await database.read(heldElsewhere, [domain, worker])).length > 0;
}

/** What was not sent, and nobody is to blame for, is due again at once. `heard`: what it waits for, where somebody said so. */
export async function releaseLeases(
  database: Database,
  worker: string,
  ids: readonly number[],
  heard: AttemptResult | null,
): Promise<void> {
  await database.write(release, [worker, int8Array(ids), heard?.status ?? null, heard?.reply ?? null, heard?.remote ?? null]);
}

/** A worker that ends gives back what it did not get done; what waits for the answer of another host stays as it is. */
export async function giveBackLeases(database: Database, worker: string): Promise<void> {
  await database.write(giveBack, [worker]);
}

/** The greatest number of a customer who has been here for a month, or half as long as the first; those with a greater one came lately. */
export async function newestSettledCustomer(database: Database): Promise<number> {
  const [row] = await database.read(settled);
  return Number(row?.[0] ?? 0);
}
