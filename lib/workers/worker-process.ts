import { type ChildProcess, fork } from 'node:child_process';
import { projectFile } from './project-file.ts';
import { TaskFailure, type TaskFailureCode } from './task-failure.ts';

/** What a worker says: that it can begin, then one word for each task. */
export type Word = 'ready' | { result: unknown } | { error: unknown };

/** What deep nesting may take, KB; the system gives a process 8 MB. */
const stackKb = 3_500;

/** V8, and the system where memory is short, end a process by a signal; so does who stops the whole server, and means no task. */
const endedBy = (signal: NodeJS.Signals | null): TaskFailureCode =>
  signal === null ? 'Failed' : /^SIG(?:TERM|INT|HUP)$/.test(signal) ? 'Busy' : 'TooLarge';

/**
 * A process for one task at a time. Not a thread: V8 ends the whole process when one of its threads has reached its limit of memory and asks
 * for more than 16 MB at once, as an array or a string that grows does.
 */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  #hasEnded = false;
  #settle: (failure: TaskFailure | null, result?: unknown) => void = () => {};
  #idle: NodeJS.Timeout | undefined;

  /** @param startMs it is given up if it cannot begin by then */
  constructor(file: string, memoryMb: number, startMs: number) {
    this.#child = fork(projectFile('lib/workers/run-tasks.ts'), [projectFile(file)], {
      execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${memoryMb}`, `--stack-size=${stackKb}`],
      // where letters are read no secret stands: only what decides how times and words are written
      env: { NODE_ENV: process.env['NODE_ENV'], TZ: process.env['TZ'], LANG: process.env['LANG'], LC_ALL: process.env['LC_ALL'] },
      serialization: 'advanced',
      // what V8 writes when it ends is of no use to anybody who reads a log
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (word: Word) => {
      if (word === 'ready') this.#settle(null);
      else if ('error' in word) this.#settle(new TaskFailure('Failed', word.error));
      else this.#settle(null, word.result);
    });
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
  async run(task: unknown, deadlineMs: number): Promise<unknown> {
    clearTimeout(this.#idle);
    await this.#ready;
    try {
      // it may have been ended since its last task
      this.#child.send(task as object, (error) => error && this.#end(new TaskFailure('Busy', error)));
    } catch (error) {
      throw new TaskFailure('Failed', error);
    }
    return this.#answerWithin(deadlineMs);
  }

  /** Ends when it has had nothing to do for so long. */
  rest(idleMs: number): void {
    this.#idle = setTimeout(() => this.end(), idleMs).unref();
  }

  end(): void {
    this.#end(new TaskFailure('Busy', new Error('ended')));
  }

  #answerWithin(ms: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#end(new TaskFailure('TooSlow')), ms);
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
