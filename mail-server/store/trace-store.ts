import { onceFor } from '../../lib/config/once-for.ts';
import type { AccountId, CustomerId } from '../../lib/db/ids.ts';
import type { Database, Query } from './postgres/database.ts';

export interface TraceEvent {
  step: 'received' | 'submitted' | 'held' | 'stored' | 'relayed' | 'deferred' | 'bounced' | 'refused';
  customerId: CustomerId | null;
  accountId: AccountId | null;
  queueId: number | null;
  sender: string;
  recipient: string;
  /** Message-ID, or null */
  messageRef: string | null;
  /** enhanced status code, or null */
  status: string | null;
  detail: string | null;
  /** host or address on the other side, or null */
  remote: string | null;
  /** how the session with it was encrypted; in the log alone */
  tls?: string | undefined;
}

const insert = {
  name: 'trace_insert',
  text: `insert into trace_event (at, customer_id, account_id, queue_id, step, sender, recipient, message_ref, status, detail, remote)
    select * from unnest($1::timestamptz[], $2::int8[], $3::int8[], $4::int8[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
      $10::text[], $11::text[])`,
};
const flushAfterMs = 250;
const batchRows = 200;
/** what waits beyond this while the database is away is dropped: the trace is a convenience, mail is not */
const mostRows = 10_000;
const longestText = 1000;

/** What happened to which message, written in batches in the background. Nothing waits for it and nothing fails because of it. */
class TraceStore {
  readonly #database: Database;
  #waiting: (TraceEvent & { at: Date })[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  note(event: TraceEvent): void {
    if (this.#waiting.length >= mostRows) return;
    this.#waiting.push({ ...event, at: new Date() });
    if (this.#waiting.length >= batchRows) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), flushAfterMs).unref();
  }

  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const rows = this.#waiting;
    this.#waiting = [];
    if (rows.length === 0) return;
    await insertRows(this.#database.note, rows).catch(() => undefined);
  }
}

/** Writes events that must not be lost, in the transaction of `query`. */
export const insertTrace = (query: Query, events: readonly TraceEvent[], at: Date): Promise<unknown> =>
  insertRows(
    query,
    events.map((event) => ({ ...event, at })),
  );

function insertRows(query: Query, rows: readonly (TraceEvent & { at: Date })[]): Promise<unknown> {
  const column = <T>(of: (row: TraceEvent & { at: Date }) => T): T[] => rows.map(of);
  return query(insert, [
    column((row) => row.at.toISOString()),
    column((row) => row.customerId),
    column((row) => row.accountId),
    column((row) => row.queueId),
    column((row) => row.step),
    column((row) => plainText(row.sender)),
    column((row) => plainText(row.recipient)),
    column((row) => plainText(row.messageRef)),
    column((row) => row.status),
    column((row) => plainText(row.detail)),
    column((row) => plainText(row.remote)),
  ]);
}

// Postgres text holds no NUL
const plainText = <T extends string | null>(text: T): T => (text === null ? text : (text.replaceAll('\0', '').slice(0, longestText) as T));

const submitted = {
  name: 'trace_submitted',
  text: `select count(*) from trace_event
    where customer_id = $1 and at > now() - interval '1 hour' and account_id = $2 and step = 'submitted'`,
};

/** Recipients that a mailbox wrote to in the last hour. */
export async function countSubmitted(query: Query, customer: CustomerId, account: AccountId): Promise<number> {
  const [row] = await query(submitted, [customer, account]);
  return Number(row?.[0] ?? 0);
}

const ofCustomer = {
  name: 'trace_messages_of_customer',
  text: `select coalesce((select max_messages_per_hour from customer where id = $1), $2::int), (select count(distinct queue_id) from trace_event
    where customer_id = $1 and at > now() - interval '1 hour' and step = 'submitted')`,
};

/** Messages that all mailboxes of a customer sent in the last hour, and how many it may send. */
export async function countMessagesOfCustomer(
  query: Query,
  customer: CustomerId,
  standard: number,
): Promise<{ messages: number; most: number }> {
  const [row] = await query(ofCustomer, [customer, standard]);
  return { most: Number(row?.[0] ?? standard), messages: Number(row?.[1] ?? 0) };
}

/** The trace that all parts of a process with this database share. */
export const traceOf = onceFor((database: Database) => new TraceStore(database));
