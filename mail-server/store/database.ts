import pg from 'pg';
import { BinaryClient } from './binary-client.ts';
import { StoreError } from './store-error.ts';

/** A prepared statement; the name is its identity on a connection, so one name stands for one text. */
export interface Statement {
  name: string;
  text: string;
}

export type Row = unknown[];
export type Query = (statement: Statement, values?: readonly unknown[]) => Promise<Row[]>;

/**
 * The connections of one mail-server process. A pipelined connection answers in order, so short reads, writes (each waits for its
 * fsync) and long-running searches have lanes of their own, and a slow statement never delays a short one.
 * Values come back as: int2, int4, int8 number · bool boolean · bytea Buffer · text string · timestamptz Date · int4[], int8[] number[].
 * Rows are arrays in the order of the select list. Other types: cast them in the statement.
 */
export interface Database {
  /** A short read on a shared pipelined lane. */
  read: Query;
  /** One statement that writes, its own transaction. */
  write: Query;
  /** A read that may take long (search, snapshots of large folders). */
  bulk: Query;
  /**
   * A write that only saves work and may be lost in a crash (what was told as \\Recent, keys that are not needed any more, times of
   * logins): it does not wait for the disk.
   */
  note: Query;
  /** BEGIN … COMMIT on a connection of its own; throws roll back. Hold it for no socket and no hashing. */
  transaction<T>(body: (query: Query) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  connectionString: string;
  readLanes?: number;
  writeLanes?: number;
  bulkLanes?: number;
  /** transactions at once; further ones wait */
  transactionLanes?: number;
  /** how long a short read may take; a person or another mail host waits for it */
  readTimeoutMs?: number;
  /** how long anything else may take */
  timeoutMs?: number;
  /** Postgres ends its statements by itself; when it is silent for so much longer it is frozen, or the network to it is cut */
  graceMs?: number;
}

const connectTimeoutMs = 5_000;

/** Opens lazily: a lane connects at its first use and again after it was lost. Failures of the connection are StoreError Unavailable. */
export function openDatabase(options: DatabaseOptions): Database {
  const { connectionString, readTimeoutMs = 20_000, timeoutMs = 120_000, graceMs = 5_000 } = options;
  const lane = (limitMs: number, settings = '') => new Lane(connectionString, limitMs, graceMs, settings);
  const lanes = (count: number, limitMs = timeoutMs) => Array.from({ length: count }, () => lane(limitMs));
  const read = lanes(options.readLanes ?? 3, readTimeoutMs);
  const write = lanes(options.writeLanes ?? 8);
  const bulk = lanes(options.bulkLanes ?? 2);
  const note = [lane(timeoutMs, '-c synchronous_commit=off')];
  const transactions = lanes(options.transactionLanes ?? 6);
  const waiting: ((lane: Lane) => void)[] = [];
  const borrow = () => {
    const lane = transactions.pop();
    return lane ? Promise.resolve(lane) : new Promise<Lane>((resolve) => waiting.push(resolve));
  };
  const giveBack = (lane: Lane) => {
    const next = waiting.shift();
    if (next) next(lane);
    else transactions.push(lane);
  };
  const all = [...read, ...write, ...bulk, ...note, ...transactions];
  return {
    read: (statement, values) => shortest(read).query(statement, values),
    write: (statement, values) => shortest(write).query(statement, values),
    bulk: (statement, values) => shortest(bulk).query(statement, values),
    note: (statement, values) => shortest(note).query(statement, values),
    async transaction(body) {
      const lane = await borrow();
      try {
        return await inTransaction(lane, body);
      } finally {
        giveBack(lane);
      }
    },
    async close() {
      await Promise.all(all.map((lane) => lane.close()));
    },
  };
}

async function inTransaction<T>(lane: Lane, body: (query: Query) => Promise<T>): Promise<T> {
  const query = await lane.pinned();
  const begun = query({ name: 'begin', text: 'BEGIN' });
  begun.catch(() => undefined); // reported by the awaits below; body's first statement may go out in the same packet
  try {
    const result = await body(query);
    await begun;
    await query({ name: 'commit', text: 'COMMIT' });
    return result;
  } catch (error) {
    await query({ name: 'rollback', text: 'ROLLBACK' }).catch(() => lane.drop());
    throw error;
  }
}

const shortest = (lanes: readonly Lane[]): Lane => lanes.reduce((best, lane) => (lane.waiting < best.waiting ? lane : best));

class Lane {
  waiting = 0;
  readonly #connectionString: string;
  readonly #timeoutMs: number;
  readonly #graceMs: number;
  readonly #settings: string;
  #client: Promise<BinaryClient> | null = null;
  #silence: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(connectionString: string, timeoutMs: number, graceMs: number, settings: string) {
    this.#connectionString = connectionString;
    this.#timeoutMs = timeoutMs;
    this.#graceMs = graceMs;
    this.#settings = settings;
  }

  query(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#run(this.#connected(), statement, values);
  }

  /**
   * Queries on the connection that is open now, and on no later one: half a transaction must not go on, without its other half, on a
   * connection that was opened when the first was lost.
   */
  async pinned(): Promise<Query> {
    const client = await this.#connected().catch((error: unknown) => {
      throw translate(error);
    });
    return (statement, values = []) => this.#run(Promise.resolve(client), statement, values);
  }

  async #run(client: Promise<BinaryClient>, statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    this.waiting++;
    this.#silence ??= setTimeout(() => this.#cut(), this.#timeoutMs + this.#graceMs);
    try {
      const open = await client;
      const result = await open.query<Row>({ name: statement.name, text: statement.text, values: [...values], rowMode: 'array' });
      return result.rows;
    } catch (error) {
      throw translate(error);
    } finally {
      this.waiting--;
      this.#silence?.refresh();
      if (this.waiting === 0) this.#stopListening();
    }
  }

  /** Nothing was answered for too long: whoever waits is told that the database is away. */
  #cut(): void {
    this.#stopListening();
    const client = this.#client;
    this.#client = null;
    client?.then((open) => open.destroy()).catch(() => undefined);
  }

  #stopListening(): void {
    if (this.#silence) clearTimeout(this.#silence);
    this.#silence = null;
  }

  drop(): void {
    const client = this.#client;
    this.#client = null;
    client?.then((open) => open.end()).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = this.#client;
    this.#client = null;
    await client?.then((open) => open.end()).catch(() => undefined);
  }

  #connected(): Promise<BinaryClient> {
    if (this.#closed) return Promise.reject(new StoreError('Unavailable'));
    if (this.#client) return this.#client;
    const client = new BinaryClient({
      connectionString: this.#connectionString,
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: 'postamt-mail',
      options: `-c jit=off -c max_parallel_workers_per_gather=0 -c statement_timeout=${this.#timeoutMs} ${this.#settings}`,
    });
    const connecting = client.connect().then(() => client);
    this.#client = connecting;
    const lost = () => {
      if (this.#client === connecting) this.#client = null;
    };
    client.on('error', lost);
    client.on('end', lost);
    connecting.catch(lost);
    return connecting;
  }
}

const codes: Record<string, StoreError['code']> = {
  PA001: 'UnknownAccount',
  PA002: 'OverQuota',
  PA003: 'UnknownFolder',
  PA004: 'FolderExists',
  PA005: 'NotAllowed',
  PA006: 'FolderHasChildren',
  PA008: 'TooManyKeywords',
};

/** The delivery's key was there already (PA007 of append_message): an answer to a retry, not a failure. */
export const isAlreadyDelivered = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === 'PA007';

/** PA… are our own (see prisma/functions); connection and operator-intervention classes mean that the database is away. */
function translate(error: unknown): unknown {
  if (error instanceof StoreError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const own = codes[code];
  if (own) return new StoreError(own, { cause: error });
  if (error instanceof pg.DatabaseError && !/^(08|57P|53)/.test(code)) return error;
  return new StoreError('Unavailable', { cause: error });
}
