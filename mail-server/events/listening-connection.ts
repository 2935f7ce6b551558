import pg from 'pg';
import type { Logger } from 'pino';
import { questionChannel } from './operator-questions.ts';

const channel = 'postamt_change';
const connectTimeoutMs = 5_000;
const firstPauseMs = 100;
const longestPauseMs = 10_000;
/** A connection whose other end vanished without a word is found out by asking. */
const checkEveryMs = 15_000;
const answerTimeoutMs = 5_000;
const closeTimeoutMs = 1_000;

export interface ListeningConnectionOptions {
  connectionString: string;
  log: Logger;
  /** a payload that another process sent */
  onPayload: (payload: string) => void;
  /** what the operator's commands ask */
  onQuestion: (payload: string) => void;
  /** LISTEN is in force, at the first connection and after each loss */
  onConnected: () => void;
}

/**
 * closed ──▶ connecting ──LISTEN──▶ open ──lost──▶ pause (100 ms, doubled up to 10 s, jittered) ──▶ connecting …
 * One connection both listens and notifies, so that what comes back of our own is known by the backend's process id.
 */
export class ListeningConnection {
  readonly #options: ListeningConnectionOptions;
  #client: pg.Client | null = null;
  /** settles when the last statement has been answered */
  #last: Promise<unknown> = Promise.resolve();
  #pauseMs = firstPauseMs;
  #timer: NodeJS.Timeout | null = null;
  #check: NodeJS.Timeout;
  #closed = false;

  constructor(options: ListeningConnectionOptions) {
    this.#options = options;
    this.#check = setInterval(() => this.#ask(), checkEveryMs).unref();
    void this.#connect();
  }

  get isOpen(): boolean {
    return this.#client !== null;
  }

  /** Rejects when the connection is lost before the database took them. */
  async notify(payloads: readonly string[], to: string = channel): Promise<void> {
    const client = this.#client;
    if (!client) throw new Error('not connected');
    const statement = { name: 'notify', text: 'select pg_notify($1, $2)' };
    await Promise.all(payloads.map((payload) => this.#query(client, { ...statement, values: [to, payload] })));
  }

  /** One statement after the other: this client does not pipeline. */
  #query(client: pg.Client, statement: pg.QueryConfig): Promise<unknown> {
    const answer = this.#last.then(() => client.query(statement));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#check);
    if (this.#timer) clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = null;
    if (!client) return;
    const timeout = setTimeout(() => client.connection.stream.destroy(), closeTimeoutMs);
    await this.#last; // pg breaks the connection off when a statement is still running
    await client.end().catch(() => undefined);
    clearTimeout(timeout);
  }

  async #connect(): Promise<void> {
    this.#timer = null;
    const client = new pg.Client({
      connectionString: this.#options.connectionString,
      // a NOTIFY commits: without this each hint would wait for the disk, and deliveries with it
      options: '-c synchronous_commit=off',
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: answerTimeoutMs,
      keepAlive: true,
      application_name: 'postamt-bus',
    });
    let lost = false;
    const onLost = (error?: Error): void => {
      if (lost) return;
      lost = true;
      if (this.#client === client) this.#client = null;
      client.connection.stream.destroy();
      if (!this.#closed) this.#again(error);
    };
    client.on('error', onLost);
    client.on('end', () => onLost());
    let own = 0;
    client.on('notification', ({ processId, channel: from, payload }) => {
      if (processId === own || !payload) return;
      if (from === questionChannel) this.#options.onQuestion(payload);
      else this.#options.onPayload(payload);
    });
    try {
      await client.connect();
      own = Number((await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid);
      await client.query(`LISTEN ${channel}; LISTEN ${questionChannel}`);
    } catch (error) {
      onLost(error instanceof Error ? error : undefined);
      return;
    }
    if (this.#closed || lost) {
      client.connection.stream.destroy();
      return;
    }
    this.#client = client;
    this.#last = Promise.resolve();
    this.#pauseMs = firstPauseMs;
    this.#options.onConnected();
  }

  #again(error: Error | undefined): void {
    const pauseMs = this.#pauseMs * (0.5 + Math.random());
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    this.#options.log.warn({ err: error, pauseMs: Math.round(pauseMs) }, 'event bus lost its connection, the poll goes on');
    this.#timer = setTimeout(() => void this.#connect(), pauseMs);
  }

  #ask(): void {
    const client = this.#client;
    if (client) this.#query(client, { text: 'SELECT 1' }).catch(() => client.connection.stream.destroy(new Error('no answer')));
  }
}
