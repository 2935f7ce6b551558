import { TaskFailure } from './task-failure.ts';
import { WorkerProcess } from './worker-process.ts';

export { TaskFailure };

export interface WorkerPoolOptions {
  /** a module whose default export is the function (task) => result; as seen from the project's folder, since bundlers move what calls this */
  file: string;
  /** at most so many tasks at a time, each in a process of its own */
  workers: number;
  /** a task that has run so long is ended with its worker; waiting for a free one does not count, nor does its start, ms */
  deadlineMs: number;
  /** heap of a worker, MB */
  memoryMb: number;
  /** at most so many tasks wait for a free worker */
  waiting: number;
}

export interface WorkerPool<Task, Result> {
  /**
   * Runs one task. Rejects with TaskFailure only.
   * @param task plain data and bytes: a copy of it travels
   * @param party tasks of several parties (mailboxes, hosts) take turns, so that one with many does not hold up one with few
   */
  run(task: Task, options?: { party?: string }): Promise<Result>;
  /** Ends the workers; tasks under way fail. */
  close(): void;
}

interface Waiting {
  begin(): void;
}

/** How long an idle worker stays, ms. */
const idleMs = 60_000;
/** A worker that is not there by then is given up, ms. */
const startMs = 15_000;

/**
 * Processes for work that a stranger's bytes could make long: whatever it is given, the event loop stays free, the work ends, and what it
 * tears down is its own (docs/decisions/109). They start with the first task and end when there is none for a minute.
 */
export function openWorkerPool<Task, Result>({
  file,
  workers,
  deadlineMs,
  memoryMb,
  waiting,
}: WorkerPoolOptions): WorkerPool<Task, Result> {
  let started: WorkerProcess[] = [];
  const idle: WorkerProcess[] = [];
  const parties = new Map<string, Waiting[]>();
  let running = 0;
  let lined = 0;

  const beginNext = (): void => {
    const [next] = parties;
    if (!next || running >= workers) return;
    const [party, line] = next;
    const first = line.shift();
    // to the end of the line of parties: everybody else has a turn first
    parties.delete(party);
    if (line.length > 0) parties.set(party, line);
    lined--;
    first?.begin();
  };

  const turn = (party: string): Promise<void> => {
    if (running < workers) {
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

  const endAll = (): void => {
    for (const worker of started) worker.end();
  };

  const findWorker = (): WorkerProcess => {
    // the one that worked last: the others are idle for long enough to end
    for (let worker = idle.pop(); worker; worker = idle.pop()) if (!worker.hasEnded) return worker;
    const worker = new WorkerProcess(file, memoryMb, startMs);
    // one that is busy would not see that we are gone before its task is done, and nobody would look at the clock
    if (started.length === 0) process.once('exit', endAll);
    started = [...started.filter((each) => !each.hasEnded), worker];
    return worker;
  };

  const closed = new TaskFailure('Busy', new Error('closed'));
  let isClosed = false;

  return {
    async run(task, { party = '' } = {}) {
      await turn(party);
      let worker: WorkerProcess | undefined;
      try {
        if (isClosed) throw closed;
        worker = findWorker();
        return (await worker.run(task, deadlineMs)) as Result;
      } catch (error) {
        // where there is no memory for one more process, none can be started
        throw error instanceof TaskFailure ? error : new TaskFailure('Busy', error);
      } finally {
        if (worker && !worker.hasEnded) {
          worker.rest(idleMs);
          idle.push(worker);
        }
        running--;
        beginNext();
      }
    },
    close() {
      isClosed = true;
      process.off('exit', endAll);
      endAll();
    },
  };
}
