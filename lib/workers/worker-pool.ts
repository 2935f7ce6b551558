import { pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import { projectFile } from './project-file.ts';

/**
 * Why a task has no result:
 * - TooSlow: it ran past its deadline, and its worker was ended.
 * - TooLarge: it needed more memory than a worker may have, and its worker was ended.
 * - Busy: so many tasks wait already that this one was not taken. Nothing is wrong with it; try again.
 * - Failed: the function threw; `cause` says what.
 */
export type TaskFailureCode = 'TooSlow' | 'TooLarge' | 'Busy' | 'Failed';

export class TaskFailure extends Error {
  readonly code: TaskFailureCode;

  constructor(code: TaskFailureCode, cause?: unknown) {
    super(`a task in a worker ended: ${code}`, { cause });
    this.code = code;
  }
}

export interface WorkerPoolOptions {
  /** a module whose default export is the function (task) => result; as seen from the project's folder, since bundlers move what calls this */
  file: string;
  /** at most so many tasks at a time, each in a thread of its own */
  threads: number;
  /** a task that has run so long is ended with its thread; waiting for a free thread does not count, nor does its start, ms */
  deadlineMs: number;
  /** heap of a thread, MB */
  memoryMb: number;
  /** at most so many tasks wait for a free thread */
  waiting: number;
}

export interface WorkerPool<Task, Result> {
  /**
   * Runs one task. Rejects with TaskFailure only.
   * @param party tasks of several parties (mailboxes, hosts) take turns, so that one with many does not hold up one with few
   * @param transfer buffers that move instead of being copied; the caller must not touch them again
   */
  run(task: Task, options?: { party?: string; transfer?: ArrayBuffer[] }): Promise<Result>;
  close(): Promise<void>;
}

interface Waiting {
  begin(): void;
}

/** How long an idle thread stays, ms. */
const idleMs = 60_000;
/** A thread that is not there by then counts as started, ms. */
const startMs = 10_000;

/**
 * Threads for work that a stranger's bytes could make long: whatever it is given, the event loop stays free and the work ends. Threads start
 * with the first task and end when there is none for a minute.
 */
export function openWorkerPool<Task, Result>({
  file,
  threads,
  deadlineMs,
  memoryMb,
  waiting,
}: WorkerPoolOptions): WorkerPool<Task, Result> {
  const pool = new Piscina<Task, Result>({
    filename: pathToFileURL(projectFile(file)).href,
    // threads that start with the pool would count as ready before they are
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: idleMs,
    concurrentTasksPerWorker: 1,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  // a thread that was ended fails its task, which says so; what reaches here has nobody waiting for it
  pool.on('error', () => {});
  const ready = new Set<unknown>();
  pool.on('workerCreate', (thread) => ready.add(thread));
  pool.on('workerDestroy', (thread) => ready.delete(thread));
  const parties = new Map<string, Waiting[]>();
  let running = 0;
  let lined = 0;

  const beginNext = (): void => {
    const [next] = parties;
    if (!next || running >= threads) return;
    const [party, line] = next;
    const first = line.shift();
    // to the end of the line of parties: everybody else has a turn first
    parties.delete(party);
    if (line.length > 0) parties.set(party, line);
    lined--;
    first?.begin();
  };

  const turn = (party: string): Promise<void> => {
    if (running < threads) {
      running++;
      return Promise.resolve();
    }
    if (lined >= waiting) return Promise.reject(new TaskFailure('Busy'));
    return new Promise((begin) => {
      lined++;
      const line = parties.get(party) ?? [];
      line.push({
        begin: () => {
          running++;
          begin();
        },
      });
      parties.set(party, line);
    });
  };

  /** The time of a task runs from when there is a thread for it: a busy machine takes a while to start one. */
  const startClock = (deadline: AbortController): (() => void) => {
    let timer: NodeJS.Timeout | undefined;
    const begin = (): void => {
      pool.off('workerCreate', begin);
      clearTimeout(timer);
      timer = setTimeout(() => deadline.abort(), deadlineMs);
    };
    if (ready.size >= running) begin();
    else {
      pool.on('workerCreate', begin);
      timer = setTimeout(begin, startMs);
    }
    return () => {
      pool.off('workerCreate', begin);
      clearTimeout(timer);
    };
  };

  return {
    async run(task, { party = '', transfer } = {}) {
      await turn(party);
      const deadline = new AbortController();
      const stopClock = startClock(deadline);
      try {
        return await pool.run(task, { signal: deadline.signal, ...(transfer ? { transferList: transfer } : {}) });
      } catch (error) {
        throw failureFrom(error, deadline.signal.aborted);
      } finally {
        stopClock();
        running--;
        beginNext();
      }
    },
    close: () => pool.destroy(),
  };
}

function failureFrom(error: unknown, late: boolean): TaskFailure {
  if (late) return new TaskFailure('TooSlow', error);
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return new TaskFailure(code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'TooLarge' : 'Failed', error);
}
