import { availableParallelism } from 'node:os';
import { TaskFailure } from '../../workers/task-failure.ts';
import { openWorkerPool, type WorkerPool } from '../../workers/worker-pool.ts';
import { viewLimits } from '../../config/view-limits.ts';
import { webLog } from '../../http/web-log.ts';
import type { ViewResult, ViewTask } from './letter-view.ts';
import { sampleTask } from './sample-letter.ts';
import { onceInProcess } from '../../config/once-in-process.ts';

const workers = Math.max(2, Math.min(4, availableParallelism()));

interface ViewPool {
  pool?: WorkerPool<ViewTask, ViewResult>;
  keeper?: NodeJS.Timeout | undefined;
  wantedUntil: number;
}

const holder = onceInProcess('webmail.view-pool', (): ViewPool => ({ wantedUntil: 0 }));

function pool(): WorkerPool<ViewTask, ViewResult> {
  holder.pool ??= openWorkerPool<ViewTask, ViewResult>({
    file: 'lib/webmail/view/view-worker.ts',
    workers,
    // whatever one reader asks for, the letter of another finds a place
    ofOneParty: workers - 1,
    deadlineMs: viewLimits.deadlineMs,
    memoryMb: viewLimits.memoryMb,
    waiting: viewLimits.waiting,
  });
  return holder.pool;
}

// whoever opens a letter then hears what is wrong
const practise = (): void => void runView(sampleTask(), 0).catch(() => undefined);
/** A new worker reads as fast as it can after some letters: they are not to be somebody's. */
const firstSamples = 6;
const betweenFirstMs = 2_000;
/** Sooner than an idle worker ends; one in its place practises too. */
const keepMs = 40_000;
const wantedMs = 30 * 60_000;

/**
 * Starts a worker while somebody still looks at the list, and keeps one for the half hour after: the first letter opens as fast as the next.
 */
export function readyViewPool(): void {
  holder.wantedUntil = Date.now() + wantedMs;
  if (!holder.keeper) keepReady(1);
}

function keepReady(sample: number): void {
  practise();
  const next = (): void => {
    holder.keeper = undefined;
    if (Date.now() < holder.wantedUntil) keepReady(sample + 1);
  };
  holder.keeper = setTimeout(next, sample < firstSamples ? betweenFirstMs : keepMs).unref();
}

/** Runs a task for a mailbox; mailboxes take turns. Null where it did not end well: the letter is shown another way. */
export async function runView(task: ViewTask, mailboxId: number): Promise<{ result: ViewResult } | null> {
  try {
    return { result: await pool().run(task, { party: String(mailboxId) }) };
  } catch (error) {
    if (!(error instanceof TaskFailure)) throw error;
    webLog().warn({ code: error.code, error: String(error.cause ?? '').slice(0, 500) }, 'view of a letter');
    return null;
  }
}

/** Ends the workers: for tests. */
export async function closeViewPool(): Promise<void> {
  clearTimeout(holder.keeper);
  delete holder.keeper;
  await holder.pool?.close();
  delete holder.pool;
}
