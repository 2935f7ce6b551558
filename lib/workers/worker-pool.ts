import { createSharedTurns } from './shared-turns.ts';
import { TaskFailure } from './task-failure.ts';
import { WorkerProcess } from './worker-process.ts';

export interface WorkerPoolOptions {
  /** a module whose default export is the function (task) => result; as seen from the project's folder, since bundlers move what calls this */
  file: string;
  /** at most so many tasks at a time, each in a process of its own */
  workers: number;
  /** at most so many of them for one party */
  ofOneParty?: number;
  /** a task that has run so long is ended with its worker; waiting for a free one does not count, nor does its start, ms */
  deadlineMs: number;
  /** given, the deadline is one of processor time: where the machine has so little for the task, it is waited for so long and is Busy then, ms */
  patienceMs?: number;
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

/** How long an idle worker stays, and one beside it, ms. */
const idleMs = 60_000;
const spareMs = 5_000;
/** A worker that is not there by then is given up, ms. The first on a busy machine compiles for long, and one that is given up leaves nothing of that to the next. */
const startMs = 60_000;

/**
 * Processes for work that a stranger's bytes could make long: whatever it is given, the event loop stays free, the work ends, and what it
 * tears down is its own (docs/decisions/109). They start with the first task; when there is none for a minute the last of them ends.
 */
export function openWorkerPool<Task, Result>(options: WorkerPoolOptions): WorkerPool<Task, Result> {
  const { file, workers, ofOneParty = workers, deadlineMs, patienceMs, memoryMb, waiting } = options;
  const turns = createSharedTurns<string>({ running: workers, ofOne: ofOneParty, waiting });
  let started: WorkerProcess[] = [];
  const idle: WorkerProcess[] = [];
  const atWork = new Set<Promise<unknown>>();
  let alone: Promise<unknown> | null = null;
  let isClosed = false;

  const endAll = (): void => {
    for (const worker of started) worker.end();
  };

  const findWorker = (): WorkerProcess => {
    // the one that worked last: the others are idle for long enough to end
    for (let worker = idle.pop(); worker; worker = idle.pop()) if (!worker.hasEnded) return worker;
    const worker = new WorkerProcess(file, { memoryMb, startMs, deadlineMs, patienceMs });
    // one that is busy would not see that we are gone before its task is done, and nobody would look at the clock
    if (started.length === 0) process.once('exit', endAll);
    started = [...started.filter((each) => !each.hasEnded), worker];
    return worker;
  };

  const attempt = async (task: Task): Promise<Result> => {
    let worker: WorkerProcess | undefined;
    try {
      if (isClosed) throw new TaskFailure('Busy', new Error('closed'));
      worker = findWorker();
      return (await worker.run(task)) as Result;
    } catch (error) {
      // where there is no memory for one more process, none can be started
      throw error instanceof TaskFailure ? error : new TaskFailure('Busy', error);
    } finally {
      const isSpare = idle.some(({ hasEnded }) => !hasEnded);
      if (worker?.rest(isSpare ? spareMs : idleMs)) idle.push(worker);
    }
  };

  /** Nothing begins beside a task that has to be alone. */
  const besideOthers = async (task: Task): Promise<Result> => {
    while (alone) await alone;
    const work = attempt(task);
    const settled = work.catch(() => undefined);
    atWork.add(settled);
    return work.finally(() => atWork.delete(settled));
  };

  /** The system ends whoever is largest where memory is short: that may have been the letter beside this one. */
  const onceMoreAlone = async (task: Task): Promise<Result> => {
    while (alone) await alone;
    const work = Promise.all(atWork).then(() => attempt(task));
    alone = work.catch(() => undefined);
    try {
      return await work;
    } catch (error) {
      // the machine has no memory for it at present, whoever uses that: it may have some when the task comes again
      throw isKill(error) ? new TaskFailure('Busy', error) : error;
    } finally {
      alone = null;
    }
  };

  return {
    async run(task, { party = '' } = {}) {
      const done = await turns.run(party, async () => ({
        result: await besideOthers(task).catch((error: unknown) => {
          if (isKill(error)) return onceMoreAlone(task);
          throw error;
        }),
      }));
      if (!done) throw new TaskFailure('Busy');
      return done.result;
    },
    close() {
      isClosed = true;
      process.off('exit', endAll);
      endAll();
    },
  };
}

const isKill = (error: unknown): boolean => error instanceof TaskFailure && error.code === 'Killed';
