import { endsWithItsProgram } from '../../../lib/db/ends-with-its-program.ts';
import { BinaryClient } from './binary-client.ts';
import { translate } from './database-errors.ts';
import type { Query, Row, Statement } from './statement.ts';
import { StoreError } from '../store-error.ts';

const connectTimeoutMs = 5_000;
/** A server process holds some megabytes of plans. The pools take the connection that was used last, so what a rush opened is idle after it. */
const keptIdleMs = 60_000;

export interface LaneOptions {
  connectionString: string;
  /** how long a statement may take; Postgres ends it by itself then */
  timeoutMs: number;
  /** when Postgres is silent for so much longer it is frozen, or the network to it is cut */
  graceMs: number;
  /** how long a transaction may stand still before Postgres ends it */
  stillnessMs?: number | undefined;
  /** "-c name=value …" */
  settings: string;
}

/** One connection, opened at its first use and again after it was lost. */
export class Lane {
  readonly #options: LaneOptions;
  #waiting = 0;
  #client: Promise<BinaryClient> | null = null;
  /** begins anew when something is asked or answered */
  #quiet: NodeJS.Timeout | null = null;
  #usedAt = 0;
  #closed = false;

  constructor(options: LaneOptions) {
    this.#options = options;
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

  /** The server process at the other end, once it is known. */
  async processId(): Promise<number | null> {
    const client = await this.#client?.catch(() => null);
    return client?.processId ?? null;
  }

  async #run(client: Promise<BinaryClient>, statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    this.#quiet ??= setTimeout(() => this.#endQuiet(), this.#options.timeoutMs + this.#options.graceMs).unref();
    if (this.#waiting++ === 0) this.#quiet.refresh();
    try {
      return await (await client).run(statement, values);
    } catch (error) {
      throw translate(error);
    } finally {
      this.#waiting--;
      this.#usedAt = performance.now();
      this.#quiet?.refresh();
    }
  }

  /**
   * Nothing was asked or answered for long. Whoever waits is told that the database is away; where nobody waits, what the server keeps for
   * the connection is given back.
   */
  #endQuiet(): void {
    const isAwaited = this.#waiting > 0;
    if (!isAwaited && performance.now() - this.#usedAt < keptIdleMs) {
      this.#quiet?.refresh();
      return;
    }
    this.#quiet = null;
    const client = this.#client;
    this.#client = null;
    client?.then((open) => (isAwaited ? open.destroy() : open.end())).catch(() => undefined);
  }

  drop(): void {
    const client = this.#client;
    this.#client = null;
    client?.then((open) => open.end()).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#quiet) clearTimeout(this.#quiet);
    this.#quiet = null;
    const client = this.#client;
    this.#client = null;
    await client?.then((open) => open.end()).catch(() => undefined);
  }

  #connected(): Promise<BinaryClient> {
    if (this.#closed) return Promise.reject(new StoreError('Unavailable'));
    if (this.#client) return this.#client;
    const { connectionString, timeoutMs, stillnessMs, settings } = this.#options;
    const client = new BinaryClient({
      connectionString,
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: 'postamt-mail',
      options: `-c jit=off -c max_parallel_workers_per_gather=0 -c statement_timeout=${timeoutMs} ${endsWithItsProgram(stillnessMs)} ${settings}`,
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
