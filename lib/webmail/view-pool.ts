import { availableParallelism } from 'node:os';
import { openWorkerPool, TaskFailure, type WorkerPool } from '../workers/worker-pool.ts';
import { viewLimits } from '../config/view-limits.ts';
import type { ViewResult, ViewTask } from './letter-view.ts';

// Next bundles routes apart from each other: one pool for all of them lives on globalThis.
const globalKey = Symbol.for('postamt.webmail.view-pool');
const holder = globalThis as unknown as { [globalKey]?: WorkerPool<ViewTask, ViewResult> };

function pool(): WorkerPool<ViewTask, ViewResult> {
  holder[globalKey] ??= openWorkerPool<ViewTask, ViewResult>({
    file: 'lib/webmail/view-worker.ts',
    threads: Math.max(2, Math.min(4, availableParallelism())),
    deadlineMs: viewLimits.deadlineMs,
    memoryMb: viewLimits.memoryMb,
    waiting: viewLimits.waiting,
    kept: 1,
  });
  return holder[globalKey];
}

/** Starts a thread while somebody still looks at the list: the first letter opens as fast as the next. */
export const readyViewPool = (): void => void pool();

/** Runs a task for a mailbox; mailboxes take turns. Null where it did not end well: the letter is shown another way. */
export async function runView(task: ViewTask, mailboxId: number): Promise<{ result: ViewResult } | null> {
  try {
    return { result: await pool().run(task, { party: String(mailboxId) }) };
  } catch (error) {
    if (!(error instanceof TaskFailure)) throw error;
    process.stderr.write(
      `${JSON.stringify({ level: 'warn', msg: 'view of a letter', code: error.code, error: String(error.cause ?? '').slice(0, 500) })}\n`,
    );
    return null;
  }
}

/** Ends the threads: for tests. */
export async function closeViewPool(): Promise<void> {
  await holder[globalKey]?.close();
  delete holder[globalKey];
}
