import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectFile } from './project-file.ts';
import { TaskFailure, type TaskFailureCode } from './task-failure.ts';

/** What a worker says: that it can begin, then one word for each task; with it the processor time it has used in all. */
export type Word = 'ready' | { result: unknown; usedMs: number } | { error: unknown; usedMs: number };

interface WorkerLimits {
  /** heap, MB */
  memoryMb: number;
  /** it is given up if it cannot begin by then, ms */
  startMs: number;
  /** a task that has run so long is ended with its worker, ms */
  deadlineMs: number;
  /** by the clock, where the deadline is one of processor time, ms */
  patienceMs?: number | undefined;
}

/** How soon it is looked at again, ms. */
const againMs = 250;

/** What deep nesting may take, KB; the system gives a process 8 MB. */
const stackKb = 3_500;
/** How many times the deadline of a task a worker may compute before another one takes its place. */
const deadlinesOfOne = 4;
/** What its runtime does beside (compiling, collecting) counts too. */
const room = 2;
/** The system counts processor time in hundredths of a second. */
const tickMs = 10;

/**
 * The system ends a process that has computed for longer than its limit: the last resort against an endless task whose parent was killed
 * and looks at no clock any more.
 */
const withProcessorLimit = 'ulimit -t "$0"; exec "$@"';

/** V8 ends a process by an abort; the system by SIGKILL where memory is short; who stops the whole server means no task. */
const endedBy = (signal: NodeJS.Signals | null): TaskFailureCode => {
  if (signal === null) return 'Failed';
  if (/^SIG(?:TERM|INT|HUP)$/.test(signal)) return 'Busy';
  if (signal === 'SIGXCPU') return 'TooSlow';
  return signal === 'SIGKILL' ? 'Killed' : 'TooLarge';
};

/**
 * A process for one task at a time. Not a thread: V8 ends the whole process when one of its threads has reached its limit of memory and asks
 * for more than 16 MB at once, as an array or a string that grows does.
 */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  readonly #deadlineMs: number;
  readonly #patienceMs: number | undefined;
  readonly #mostMs: number;
  #usedMs = 0;
  #hasEnded = false;
  #settle: (failure: TaskFailure | null, result?: unknown) => void = () => {};
  #idle: NodeJS.Timeout | undefined;

  constructor(file: string, { memoryMb, startMs, deadlineMs, patienceMs }: WorkerLimits) {
    this.#deadlineMs = deadlineMs;
    this.#patienceMs = patienceMs;
    this.#mostMs = deadlineMs * deadlinesOfOne;
    const endsAfterS = Math.ceil(((this.#mostMs + deadlineMs) * room) / 1000);
    const runner = projectFile('lib/workers/run-tasks.ts');
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', `--max-old-space-size=${memoryMb}`, `--stack-size=${stackKb}`];
    this.#child = spawn('/bin/sh', ['-c', withProcessorLimit, String(endsAfterS), ...node, runner, projectFile(file)], {
      env: {
        // where letters are read no secret stands: only what decides how times and words are written
        ...{ NODE_ENV: process.env['NODE_ENV'], TZ: process.env['TZ'], LANG: process.env['LANG'], LC_ALL: process.env['LC_ALL'] },
        // it begins in a third of the time, with two thirds of the memory, where an earlier one left what it had compiled
        NODE_COMPILE_CACHE: join(dirname(runner), '../../node_modules/.cache/postamt-workers'),
      },
      serialization: 'advanced',
      // what V8 writes when it ends is of no use to anybody who reads a log
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (word: Word) => this.#hear(word));
    this.#child.once('exit', (code, signal) =>
      this.#end(new TaskFailure(endedBy(signal), new Error(`a worker ended with ${signal ?? `exit code ${code}`}`))),
    );
    this.#child.on('error', (error) => this.#end(new TaskFailure('Busy', error)));
    // it keeps nobody from ending who has nothing else to do
    this.#child.unref();
    this.#child.channel?.unref();
    this.#ready = this.#answerWithin(startMs).catch((failure: TaskFailure) => {
      this.end();
      // whatever kept it from beginning, the task did not
      throw new TaskFailure('Busy', failure.cause ?? failure);
    });
    this.#ready.catch(() => undefined);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Rejects with TaskFailure. Past the deadline the worker is ended; the time of its start does not count. */
  async run(task: unknown): Promise<unknown> {
    clearTimeout(this.#idle);
    await this.#ready;
    const begunMs = this.#processorMs();
    const patienceMs = this.#patienceMs;
    try {
      // it may have been ended since its last task
      this.#child.send(task as object, (error) => error && this.#end(new TaskFailure('Busy', error)));
    } catch (error) {
      throw new TaskFailure('Failed', error);
    }
    return this.#answerWithin(this.#deadlineMs, patienceMs ? { patienceMs, used: () => this.#processorMs() - begunMs } : null);
  }

  /** Ends when it has had nothing to do for so long. False: it has ended, or has computed for as long as one may. */
  rest(idleMs: number): boolean {
    if (this.#usedMs > this.#mostMs) this.end();
    else if (!this.#hasEnded) this.#idle = setTimeout(() => this.end(), idleMs).unref();
    return !this.#hasEnded;
  }

  end(): void {
    this.#end(new TaskFailure('Busy', new Error('ended')));
  }

  #hear(word: Word): void {
    if (word !== 'ready') this.#usedMs = word.usedMs;
    if (word === 'ready') this.#settle(null);
    else if ('error' in word) this.#settle(new TaskFailure('Failed', word.error));
    else this.#settle(null, word.result);
  }

  /** Time that it has had the processor, ms; without end where the system does not tell, so that the clock alone counts there. */
  #processorMs(): number {
    try {
      // proc(5): the name in brackets may hold anything; fields 14 and 15 are the time in the program and in the system
      const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * tickMs;
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  }

  /** @param busy where a machine that is busy with other things is not held against the task: how long to wait, and what it has had of the processor */
  #answerWithin(ms: number, busy: { patienceMs: number; used: () => number } | null = null): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const lastMs = performance.now() + (busy ? busy.patienceMs : ms);
      let timer: NodeJS.Timeout;
      const wait = (waitMs: number): void => {
        timer = setTimeout(() => {
          const left = busy ? ms - busy.used() : 0;
          // what cannot be told (NaN, or more than there was) counts as used
          if (!(left > 0 && left <= ms)) this.#end(new TaskFailure('TooSlow'));
          else if (performance.now() >= lastMs) this.#end(new TaskFailure('Busy', new Error('the machine was busy')));
          else wait(Math.max(left, againMs));
        }, waitMs);
      };
      wait(ms);
      this.#settle = (failure, result) => {
        clearTimeout(timer);
        if (failure) reject(failure);
        else resolve(result);
      };
    });
  }

  #end(failure: TaskFailure): void {
    this.#hasEnded = true;
    clearTimeout(this.#idle);
    this.#settle(failure);
    this.#child.kill('SIGKILL');
  }
}
