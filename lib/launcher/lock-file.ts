import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';
import { StartupFailure } from './startup-failure.ts';

const WAIT_MS = 900_000;
const LOOK_MS = 500;

/**
 * Takes the lock at `path` for this process. Returns null on success, else who holds it. A lock whose holder is gone is taken over.
 * The file comes whole into being (link), so nobody ever reads half of it.
 */
export function takeLock(path: string): ProcessIdentity | null {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify(identityOf(process.pid)), { mode: 0o644 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        linkSync(own, path);
        return null;
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
      }
      const holder = readLock(path);
      if (holder && isAlive(holder)) return holder;
      removeStale(path, holder);
    }
    return readLock(path) ?? { pid: 0, started: '' };
  } finally {
    rmSync(own, { force: true });
  }
}

/** Does `work` while this process has the lock at `path`; `waits` is told once who has it meanwhile. Rejects when that takes too long. */
export async function withLock<T>(
  path: string,
  { waits, signal }: { waits: (pid: number) => void; signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + WAIT_MS;
  for (let told = false; ; told = true) {
    signal?.throwIfAborted();
    const holder = takeLock(path);
    if (!holder) break;
    if (!told) waits(holder.pid);
    if (performance.now() > deadline) throw new StartupFailure(`Process ${holder.pid} takes too long: stop it, then start again.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  try {
    return await work();
  } finally {
    releaseLock(path);
  }
}

/** Gives the lock back, if this process has it. */
export function releaseLock(path: string): void {
  if (readLock(path)?.pid === process.pid) rmSync(path, { force: true });
}

function readLock(path: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return null;
  }
}

/** Two programs may find the same stale lock: the rename lets one of them win, and a fresh lock that slipped under it is put back. */
function removeStale(path: string, stale: ProcessIdentity | null): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    const moved = readLock(aside);
    if (moved && moved.pid !== stale?.pid && isAlive(moved)) linkSync(aside, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
