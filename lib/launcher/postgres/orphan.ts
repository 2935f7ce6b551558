import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartupFailure } from '../startup-failure.ts';
import { endProcess, identityOf, startOf } from '../process-identity.ts';

/** A fast shutdown writes a checkpoint first. */
const SHUTDOWN_MS = 60_000;

/**
 * Stops a Postgres that still runs on `data` because the launcher before us was killed. Nothing is lost: what was acknowledged is in the
 * write-ahead log either way. The data directory's lock says that no other launcher can own it.
 */
export async function stopOrphan(data: string): Promise<boolean> {
  const file = join(data, 'postmaster.pid');
  let pid: number;
  try {
    pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  } catch {
    return false;
  }
  if (!pid || startOf(pid) === null || !serves(pid, data)) {
    // stale, or copied with the directory of a database that runs: Postgres would refuse to start while somebody has that id
    rmSync(file, { force: true });
    return false;
  }
  let ended = false;
  try {
    ended = await endProcess(identityOf(pid), 'SIGINT', SHUTDOWN_MS);
  } catch {
    // not ours to end
  }
  if (!ended) throw new StartupFailure(`Another Postgres (process ${pid}) uses ${data} and cannot be stopped by this user: stop it first.`);
  return true;
}

/** Whether the process is a Postgres on this very directory, and not that of the one which this is a copy of: each works in its own. */
function serves(pid: number, data: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    if (!/postgres/.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1'))) return false;
    const [its, ours] = [statSync(`/proc/${pid}/cwd`), statSync(data)];
    return its.dev === ours.dev && its.ino === ours.ino;
  } catch {
    return true;
  }
}
