import { setTimeout as sleep } from 'node:timers/promises';
import { isCollision, isLockTimeout } from './database-errors.ts';
import { Lane } from './lane.ts';
import { LanePool } from './lane-pool.ts';
import type { Query, Statement } from './statement.ts';

export { isAlreadyDelivered } from './database-errors.ts';
export type { Query, Row, Statement } from './statement.ts';

/**
 * The connections of one mail-server process: pools by cost, each connection with one statement at a time, so that no account waits behind
 * another's statement that is slow or waits for a lock. The first parameter of a statement says whom it is for (an account, an address):
 * who asks for much gets at most a third of a pool.
 * Values come back as: int2, int4, int8 number · bool boolean · bytea Buffer · text string · timestamptz Date · int4[], int8[] number[].
 * Rows are arrays in the order of the select list. Other types: cast them in the statement.
 */
export interface Database {
  /** A short read. */
  read: Query;
  /** One statement that writes, its own transaction; done again where it collided with another. */
  write: Query;
  /** A read that may take long (search, snapshots of large folders). */
  bulk: Query;
  /**
   * A write that only saves work and may be lost in a crash (what was told as \\Recent, keys that are not needed any more, times of
   * logins): it does not wait for the disk, and for a lock only a moment.
   */
  note: Query;
  /**
   * BEGIN … COMMIT on a connection of its own; throws roll back. Hold it for no socket and no hashing. Where it collided with another it is
   * rolled back and `body` runs again.
   */
  transaction<T>(body: (query: Query) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  connectionString: string;
  /** connections of each kind, opened when they are needed */
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
  /** how long a transaction may stand still, because its process does, before it is ended and what it locked is free */
  stillnessMs?: number;
}

/**
 * What is short finds its rows by keys, in one way whatever is asked, so it is planned once for each connection. Left to itself Postgres plans
 * anew for each array of another length, which costs more than running it.
 */
const plannedOnce = '-c plan_cache_mode=force_generic_plan';
/**
 * A write waits so long for another process that holds the account. Then it stands in line, on one of a few connections that are there for that: where
 * somebody writes without a pause, who comes back now and then never gets his turn. Where these are taken it leaves its connection to others before it is
 * tried again: a dozen accounts that a process which stands still holds would keep all connections from everybody.
 */
const lockTimeoutMs = 250;
const patientLanes = 4;
const patienceMs = 5_000;
const heldPauseMs = 750;
/** for so long in all */
const heldMs = 20_000;
/** How often it is tried where it collided otherwise. */
const attempts = 4;
const noteLockTimeoutMs = 500;
const noteLanes = 6;

/** Opens lazily: a lane connects at its first use and again after it was lost. Failures of the connection are StoreError Unavailable. */
export function openDatabase(options: DatabaseOptions): Database {
  const { connectionString, readTimeoutMs = 20_000, timeoutMs = 120_000, graceMs = 5_000, stillnessMs } = options;
  const lane = (settings = '', limitMs = timeoutMs) => ({ connectionString, timeoutMs: limitMs, graceMs, stillnessMs, settings });
  const waiting = (lockMs: number) => `${plannedOnce} -c lock_timeout=${Math.min(lockMs, timeoutMs)}`;
  const control = new Lane(lane());
  const cancel = (processId: number) => control.query(cancelStatement, [processId]);
  const pool = (count: number, ...of: Parameters<typeof lane>) => new LanePool(count, lane(...of), cancel);
  const read = pool(options.readLanes ?? 12, plannedOnce, readTimeoutMs);
  const write = pool(options.writeLanes ?? 12, waiting(lockTimeoutMs));
  const bulk = pool(options.bulkLanes ?? 6);
  const note = pool(noteLanes, `${plannedOnce} -c synchronous_commit=off -c lock_timeout=${noteLockTimeoutMs}`);
  const transactions = new Lanes(options.transactionLanes ?? 6, () => new Lane(lane(waiting(lockTimeoutMs))));
  const patient = new Lanes(patientLanes, () => new Lane(lane(waiting(patienceMs))));
  return {
    read: (statement, values, signal) => read.query(statement, values, signal),
    write: (statement, values) =>
      again(
        patient,
        () => write.query(statement, values),
        (line) => line.query(statement, values),
      ),
    bulk: (statement, values, signal) => bulk.query(statement, values, signal),
    note: (statement, values) => note.query(statement, values),
    transaction(body) {
      const run = (on: Lane) => inTransaction(on, body);
      return again(patient, () => transactions.run(run), run);
    },
    async close() {
      await Promise.all([read, write, bulk, note, transactions, patient, control].map((each) => each.close()));
    },
  };
}

const cancelStatement: Statement = { name: 'cancel', text: 'select pg_cancel_backend($1)' };

async function again<T>(patient: Lanes, usual: () => Promise<T>, inLine: (lane: Lane) => Promise<T>): Promise<T> {
  const from = performance.now();
  let isInLine = false;
  for (let collisions = 0; ; ) {
    try {
      return await (isInLine ? patient.run(inLine) : usual());
    } catch (error) {
      const isHeld = isLockTimeout(error);
      if (!isHeld && !isCollision(error)) throw error;
      if (isHeld ? performance.now() - from >= heldMs : ++collisions >= attempts) throw error;
      // whoever stood there in vain lets another one try
      isInLine = isHeld && !isInLine && patient.hasRoom;
      if (isHeld && !isInLine) await sleep(heldPauseMs);
    }
  }
}

/** Connections that are had one at a time; who finds none waits for his turn. */
class Lanes {
  readonly #lanes: Lane[];
  readonly #idle: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];

  constructor(count: number, make: () => Lane) {
    this.#lanes = Array.from({ length: count }, make);
    this.#idle = [...this.#lanes];
  }

  get hasRoom(): boolean {
    return this.#idle.length > 0;
  }

  async run<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    const lane = this.#idle.pop() ?? (await new Promise<Lane>((resolve) => this.#waiting.push(resolve)));
    try {
      return await work(lane);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(lane);
      else this.#idle.push(lane);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
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
