import type { Row, Statement } from './statement.ts';
import { Lane, type LaneOptions } from './lane.ts';
import { StoreError } from '../store-error.ts';

interface Waiting {
  start: (lane: Lane) => void;
  refuse: (error: unknown) => void;
  /** it waits no more, for whatever reason */
  done: () => void;
}

/**
 * Connections that carry one statement at a time, so a statement waits for a free one and never behind a particular other. Who holds many
 * statements (an account, an address: the first parameter) has a third of the connections, more only while many are
 * free, and takes turns with the others.
 */
export class LanePool {
  readonly #idle: Lane[];
  readonly #all: readonly Lane[];
  readonly #mostOfOne: number;
  /** so many free connections are kept for others than who has his share already */
  readonly #reserve: number;
  /** a statement that got no connection for so long is told that the database is away */
  readonly #patienceMs: number;
  readonly #cancel: (processId: number) => Promise<unknown>;
  /** holder → what waits, in the order of turns */
  readonly #waiting = new Map<unknown, Waiting[]>();
  readonly #running = new Map<unknown, number>();

  constructor(count: number, options: LaneOptions, cancel: (processId: number) => Promise<unknown>) {
    this.#all = Array.from({ length: count }, () => new Lane(options));
    this.#idle = [...this.#all];
    this.#mostOfOne = Math.max(1, Math.floor(count / 3));
    this.#reserve = Math.ceil(count / 3);
    this.#patienceMs = options.timeoutMs + options.graceMs;
    this.#cancel = cancel;
  }

  /** `signal`: whoever asked is gone. What has not begun does not begin, what runs is cancelled in the database. */
  async query(statement: Statement, values: readonly unknown[] = [], signal?: AbortSignal): Promise<Row[]> {
    const holder = values[0];
    const lane = await this.#take(holder, signal);
    let cancelling: Promise<unknown> | null = null;
    const cancel = (): void => {
      cancelling = lane.processId().then((id) => (id === null ? null : this.#cancel(id).catch(() => null)));
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      if (signal?.aborted) throw new StoreError('Unavailable');
      return await lane.query(statement, values);
    } finally {
      signal?.removeEventListener('abort', cancel);
      // not before the cancelling is over: it would meet the next statement of this connection
      if (cancelling) void Promise.resolve(cancelling).then(() => this.#giveBack(lane, holder));
      else this.#giveBack(lane, holder);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((lane) => lane.close()));
  }

  #take(holder: unknown, signal?: AbortSignal): Promise<Lane> {
    if (signal?.aborted) return Promise.reject(new StoreError('Unavailable'));
    if (this.#mayRun(holder)) {
      // the one used last: as few as possible are opened
      const lane = this.#idle.pop();
      if (lane) {
        this.#running.set(holder, (this.#running.get(holder) ?? 0) + 1);
        return Promise.resolve(lane);
      }
    }
    return new Promise((start, refuse) => {
      const leave = (): void => this.#leave(holder, entry);
      const timer = setTimeout(leave, this.#patienceMs).unref();
      const entry: Waiting = {
        start,
        refuse,
        done() {
          clearTimeout(timer);
          signal?.removeEventListener('abort', leave);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      const waiting = this.#waiting.get(holder);
      if (waiting) waiting.push(entry);
      else this.#waiting.set(holder, [entry]);
    });
  }

  #mayRun(holder: unknown): boolean {
    return (this.#running.get(holder) ?? 0) < this.#mostOfOne || this.#idle.length > this.#reserve;
  }

  #leave(holder: unknown, entry: Waiting): void {
    const waiting = this.#waiting.get(holder);
    const at = waiting?.indexOf(entry) ?? -1;
    if (!waiting || at < 0) return;
    waiting.splice(at, 1);
    if (waiting.length === 0) this.#waiting.delete(holder);
    entry.done();
    entry.refuse(new StoreError('Unavailable'));
  }

  #giveBack(lane: Lane, holder: unknown): void {
    const left = (this.#running.get(holder) ?? 1) - 1;
    if (left > 0) this.#running.set(holder, left);
    else this.#running.delete(holder);
    this.#idle.push(lane);
    while (this.#idle.length > 0 && this.#startNext());
  }

  /** Gives a free connection to whose turn it is. False when nobody waits who may have one; few can have reached their share. */
  #startNext(): boolean {
    for (const [next, waiting] of this.#waiting) {
      if (!this.#mayRun(next)) continue;
      const entry = waiting.shift();
      this.#waiting.delete(next);
      if (waiting.length > 0) this.#waiting.set(next, waiting);
      const lane = entry && this.#idle.pop();
      if (!lane) return true;
      this.#running.set(next, (this.#running.get(next) ?? 0) + 1);
      entry.done();
      entry.start(lane);
      return true;
    }
    return false;
  }
}
