import type { Database, Query } from '../postgres/database.ts';

export interface WaitingMessage {
  id: number;
  createdAt: Date;
  sender: string;
  size: number;
  /** its sender wants it to go then; null: it may go */
  releaseAt: Date | null;
  /** its mailbox may not send at present: held by the guard, or suspended before its sender's time came */
  mailboxHeld: boolean;
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

/** Letters or recipients an operator means: a letter by its number, or what `about` names; neither: all. */
export interface Which {
  id: number | null;
  /** the address of a sender or a recipient, a domain of theirs ("@example.org"), or '' for reports, which have no sender; in lower case */
  about: string | null;
}

/** of a recipient r and its message m: $1 and $2 are the two of Which */
const isMeant = `($1::int8 is null or m.id = $1) and ($2::text is null or $2 in (lower(r.address), lower(m.sender),
  '@' || r.domain, '@' || split_part(lower(r.address), '@', -1), '@' || split_part(lower(m.sender), '@', -1)))`;

/** of a recipient r and its message m: only who lets the mailbox send again lets these go (hold_letters); what a worker had that died is among them */
const isMailboxHeld = `(r.next_attempt_at >= timestamptz '9999-12-31 00:00:00+00' or (r.next_attempt_at >= until_released() or r.leased_until <= now())
  and exists (select 1 from mailbox b where b.id = m.account_id and b.sending_held_at is not null))`;

const waiting = {
  name: 'queue_operations_waiting',
  text: `select m.id, m.created_at, m.sender, m.size, case when m.release_at > now() then m.release_at end, ${isMailboxHeld}, r.address, r.attempts, case when r.next_attempt_at < until_released() and not ${isMailboxHeld} then r.next_attempt_at end,
      coalesce(r.leased_until > now(), false), r.last_reply
    from (select * from queue_message m where exists
      (select 1 from queue_recipient r where r.message_id = m.id and r.state = 'queued' and ${isMeant}) order by m.id limit $3) m
    join queue_recipient r on r.message_id = m.id and r.state = 'queued' and ${isMeant} order by m.id, r.id`,
};
const header = {
  name: 'queue_operations_header',
  text: `select substring(content from 1 for 65536) from queue_message where id = $1`,
};
// what a worker has at this moment is left to it, what its sender holds to him, and what is held for its mailbox to who releases that
const schedule = (name: string, when: string) => ({
  name: `queue_operations_${name}`,
  text: `update queue_recipient r set next_attempt_at = ${when} from queue_message m where m.id = r.message_id and r.state = 'queued'
    and (r.leased_until is null or r.leased_until < now()) and (m.release_at is null or m.release_at <= now()) and not ${isMailboxHeld} and ${isMeant} returning r.id`,
});
const retry = schedule('retry', 'now()');
const hold = schedule('hold', 'until_released()');
// letters are locked before their recipients, as by the workers; one that is submitted again is no repetition, and one that its sender held is
// never taken for sent (as cancel_held)
const drop = {
  name: 'queue_operations_drop',
  text: `with meant as (select m.id, m.sender, m.customer_id, m.account_id from queue_message m where exists
      (select 1 from queue_recipient r where r.message_id = m.id and r.state = 'queued' and ${isMeant}) order by m.id for update),
    dropped as (delete from queue_recipient r using meant m where m.id = r.message_id and r.state = 'queued' and ${isMeant}
      returning r.id, r.message_id, r.address, r.dot_sent_at is not null as sent, m.customer_id, m.account_id, m.sender),
    traced as (insert into trace_event (customer_id, account_id, queue_id, step, sender, recipient, detail)
      select customer_id, account_id, message_id, 'dropped', sender, address,
        case when sent then 'by the operator, when its host had it and had not answered yet' else 'by the operator' end from dropped),
    forgotten as (delete from submission_key where queue_id in (select message_id from dropped)),
    empty as (delete from queue_message m where m.id in (select message_id from dropped)
      and not exists (select 1 from queue_recipient r where r.message_id = m.id and r.state = 'queued' and r.id not in (select id from dropped))
      returning m.id),
    withdrawn as (update outgoing_letter o set state = 'withdrawn', changed_at = now()
      where o.state = 'held' and o.queue_message in (select id from empty) and is_held(o.queue_message))
    select id, sent from dropped`,
};
const measure = {
  name: 'queue_operations_measure',
  text: `select count(*), coalesce(extract(epoch from now() - min(greatest(m.created_at, m.release_at))), 0)::int8
    from queue_recipient r join queue_message m on m.id = r.message_id where r.state = 'queued' and (m.release_at is null or m.release_at <= now())`,
};
const domains = {
  name: 'queue_operations_domains',
  text: `select r.domain, count(*), count(*) filter (where r.next_attempt_at <= now() and not ${isMailboxHeld}),
      count(*) filter (where r.next_attempt_at >= until_released() or ${isMailboxHeld}),
      extract(epoch from now() - min(greatest(m.created_at, m.release_at)))::int8, mode() within group (order by r.last_reply)
    from queue_recipient r join queue_message m on m.id = r.message_id where r.state = 'queued' and (m.release_at is null or m.release_at <= now())
    group by r.domain order by count(*) desc, r.domain limit $1`,
};
const trace = {
  name: 'queue_operations_trace',
  text: `select at, step, queue_id, sender, recipient, status, detail, remote from trace_event
    where (queue_id::text = $1 or message_ref in ($1, '<' || $1 || '>') or lower($1) in (lower(sender), lower(recipient),
        '@' || split_part(lower(sender), '@', -1), '@' || split_part(lower(recipient), '@', -1)))
      and ($3::date is null or at >= $3::date::timestamp at time zone 'UTC' and at < ($3::date + 1)::timestamp at time zone 'UTC')
    order by at desc, id desc limit $2`,
};

// a letter of ours is counted where it was submitted, one of others where it was taken or refused
const busiest = {
  name: 'queue_operations_busiest',
  text: `with seen as (select case when t.account_id is not null and t.step in ('submitted', 'relayed', 'deferred', 'bounced') then b.address
        when t.queue_id is null and t.step in ('stored', 'refused') then t.remote end as who, t.step
      from trace_event t left join mailbox b on b.id = t.account_id
      where t.at >= coalesce($1::date::timestamp at time zone 'UTC', now() - interval '1 day')
        and ($1::date is null or t.at < ($1::date + 1)::timestamp at time zone 'UTC')),
    counted as (select who, count(*) filter (where step in ('submitted', 'stored')) as letters, count(*) filter (where step = 'relayed') as relayed,
        count(*) filter (where step = 'deferred') as deferred, count(*) filter (where step = 'bounced') as bounced,
        count(*) filter (where step = 'refused') as refused from seen where who is not null group by who)
    select * from counted order by letters + refused desc, who limit $2`,
};

const rowsTo = (row: readonly unknown[]) =>
  row as [number, Date, string, number, Date | null, boolean, string, number, Date | null, boolean, string | null];

/** Messages with recipients that still wait, oldest first; `limit` null: all of them. */
export async function listQueue(database: Database, which: Which, limit: number | null): Promise<WaitingMessage[]> {
  const messages = new Map<number, WaitingMessage>();
  for (const row of await database.bulk(waiting, [which.id, which.about, limit])) {
    const [messageId, createdAt, sender, size, releaseAt, mailboxHeld, address, attempts, nextAttemptAt, inDelivery, lastReply] =
      rowsTo(row);
    const message = messages.get(messageId) ?? { id: messageId, createdAt, sender, size, releaseAt, mailboxHeld, recipients: [] };
    message.mailboxHeld ||= mailboxHeld;
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

const change =
  (statement: typeof drop) =>
  async (query: Query, { id, about }: Which): Promise<number> =>
    (await query(statement, [id, about])).length;

/** Makes what waits due at once, also what is held. Returns how many recipients. */
export const retryQueued = change(retry);

/** Lets it lie until it is retried. Returns how many recipients. */
export const holdQueued = change(hold);

/** Deletes what waits; nobody is told but the trace. What a worker has does not go out, but for what its host had to the last dot: `sent` of them. */
export async function dropQueued(query: Query, { id, about }: Which): Promise<{ count: number; sent: number }> {
  const dropped = await query(drop, [id, about]);
  return { count: dropped.length, sent: dropped.filter(([, sent]) => sent === true).length };
}

export async function measureQueue(database: Database): Promise<{ recipients: number; oldestSeconds: number }> {
  const [row] = await database.read(measure);
  return { recipients: Number(row?.[0] ?? 0), oldestSeconds: Number(row?.[1] ?? 0) };
}

/** What a mailbox of ours sent, or a host elsewhere brought: recipients. */
export interface Busy {
  who: string;
  /** submitted by the mailbox, stored of the host */
  letters: number;
  relayed: number;
  deferred: number;
  bounced: number;
  refused: number;
}

/** Who was busiest in the last 24 hours, or on one day (in UTC). */
export async function readBusiest(database: Database, day: string | null, limit: number): Promise<Busy[]> {
  return (await database.bulk(busiest, [day, limit])).map(([who, ...counts]) => {
    const [letters = 0, relayed = 0, deferred = 0, bounced = 0, refused = 0] = counts.map(Number);
    return { who: String(who), letters, relayed, deferred, bounced, refused };
  });
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

/** What happened lately, or on one day (in UTC), to a message, by its number in the queue, its Message-ID, an address or a domain; newest first. */
export async function readTrace(database: Database, about: string, day: string | null, limit: number): Promise<TraceLine[]> {
  return (await database.bulk(trace, [about, limit, day])).map((row) => {
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

interface WaitingDomain {
  domain: string;
  recipients: number;
  due: number;
  held: number;
  oldestSeconds: number;
  /** what was said most often at their last attempts; null: none was made */
  reply: string | null;
}

/** The domains for which most waits, the fullest first. */
export async function readWaitingDomains(database: Database, limit: number): Promise<WaitingDomain[]> {
  return (await database.bulk(domains, [limit])).map(([domain, recipients, due, held, oldestSeconds, reply]) => ({
    domain: String(domain),
    recipients: Number(recipients),
    due: Number(due),
    held: Number(held),
    oldestSeconds: Number(oldestSeconds),
    reply: typeof reply === 'string' ? reply : null,
  }));
}
