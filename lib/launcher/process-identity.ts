import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process as it can be found again: ids are given out anew, an id together with the time of its start is not. */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

/** When the process began, in a form only good for comparing; null if there is no such process (a zombie is none). */
export function startOf(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      // proc(5): the name in brackets may hold anything; field 3 is the state, field 22 the start in ticks since boot
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
      return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
    } catch {
      return null;
    }
  }
  const ps = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return ps.stdout.trim() || null;
}

export const identityOf = (pid: number): ProcessIdentity => ({ pid, started: startOf(pid) ?? 'gone' });

export const isAlive = ({ pid, started }: ProcessIdentity): boolean => startOf(pid) === started;

/** Asks the process to end, then ends it. True once it is gone, false if it is still there after both waits. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, graceMs: number): Promise<boolean> {
  for (const [next, waitMs] of [
    [signal, graceMs],
    ['SIGKILL', 5000],
  ] as const) {
    if (!isAlive(identity)) return true;
    process.kill(identity.pid, next);
    for (let waited = 0; waited < waitMs; waited += 50) {
      if (!isAlive(identity)) return true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return !isAlive(identity);
}
