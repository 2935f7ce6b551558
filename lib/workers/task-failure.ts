/**
 * Why a task has no result:
 * - TooSlow: it ran past its deadline, and its worker was ended.
 * - TooLarge: it needed more memory than a worker may have, wherever it runs, which ended its worker.
 * - Busy: so many tasks wait already that this one was not taken, or there was no worker for it to the end, or the machine had
 *   no time or no memory for it. Nothing is wrong with it; try again.
 * - Failed: the function threw; `cause` says what.
 * - Killed: the system ended its worker, as it does where memory is short. The pool tries such a task once more by itself and never says this.
 */
export type TaskFailureCode = 'TooSlow' | 'TooLarge' | 'Busy' | 'Failed' | 'Killed';

export class TaskFailure extends Error {
  readonly code: TaskFailureCode;

  constructor(code: TaskFailureCode, cause?: unknown) {
    super(`a task in a worker ended: ${code}`, { cause });
    this.code = code;
  }
}
