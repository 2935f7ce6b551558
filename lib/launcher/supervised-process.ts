import type { ChildProcess } from 'node:child_process';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** After so long the process counts as healthy and the next pause is the first again. */
const HEALTHY_MS = 60_000;

/** A process that was started. `ready` resolves when it serves and rejects when it ends or fails before. */
export interface Started {
  child: ChildProcess;
  ready: Promise<void>;
}

/** How one kind of process is started and stopped. */
export interface ProcessKind {
  /** "web", "mail 1", "Postgres": for people */
  name: string;
  start(): Promise<Started>;
  stopSignal: NodeJS.Signals;
  /** how long it may take to end, ms; then it is killed */
  stopMs: number;
}

/**
 * Keeps one process alive: starting → serving → ended → pausing → starting …; `stop` leaves the cycle from each of them.
 * The pause doubles with every end in a row and is back at 250 ms once a process has lived for a minute.
 */
export class SupervisedProcess {
  readonly kind: ProcessKind;
  readonly #changed: (state: 'ready' | 'down', reason: string) => void;
  readonly #stopped = new AbortController();
  #child: ChildProcess | undefined;
  #isReady = false;

  constructor(kind: ProcessKind, changed: (state: 'ready' | 'down', reason: string) => void) {
    this.kind = kind;
    this.#changed = changed;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Starts it and supervises it from the moment it serves. Rejects if it does not come up this first time. */
  async start(): Promise<void> {
    const started = await this.kind.start();
    this.#child = started.child;
    const ended = endOf(started.child);
    await started.ready;
    this.#isReady = true;
    void this.#supervise(ended);
  }

  /** Asks it to end, kills it after its time, resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = endOf(child);
    child.kill(this.kind.stopSignal);
    const force = setTimeout(() => child.kill('SIGKILL'), this.kind.stopMs);
    await gone;
    clearTimeout(force);
  }

  async #supervise(firstEnd: Promise<string>): Promise<void> {
    let failures = 0;
    let began = performance.now();
    let reason = await firstEnd;
    while (!this.#stopped.signal.aborted) {
      this.#isReady = false;
      this.#child = undefined;
      if (performance.now() - began > HEALTHY_MS) failures = 0;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
      failures++;
      this.#changed('down', `${reason}; it is started again in ${pauseMs / 1000} s`);
      await this.#pause(pauseMs);
      if (this.#stopped.signal.aborted) return;
      began = performance.now();
      reason = await this.#runOnce();
    }
  }

  /** Starts it again and returns why it ended. */
  async #runOnce(): Promise<string> {
    try {
      const { child, ready } = await this.kind.start();
      this.#child = child;
      const ended = endOf(child);
      try {
        if (this.#stopped.signal.aborted) throw new Error('stopping');
        await ready;
      } catch (error) {
        child.kill('SIGKILL');
        await ended;
        throw error;
      }
      this.#isReady = true;
      this.#changed('ready', 'serves again');
      return await ended;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #pause(pauseMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      this.#stopped.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** Resolves with how the process ended. */
export function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(describe(child.exitCode, child.signalCode));
    else child.once('exit', (code, signal) => resolve(describe(code, signal)));
  });
}

const describe = (code: number | null, signal: NodeJS.Signals | null): string => `it ended with ${signal ?? `exit code ${code}`}`;
