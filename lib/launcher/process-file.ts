import { readFileSync, rmSync } from 'node:fs';
import { endProcess, identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';
import { writeAtomically } from './write-atomically.ts';

const LEFTOVER_MS = 5000;

/** Notes the web and mail processes that run, for the launcher that comes after a killed one. */
export function noteProcesses(path: string, pids: number[]): void {
  writeAtomically(path, JSON.stringify(pids.map(identityOf)), 0o600);
}

/** Nothing runs any more. */
export const forgetProcesses = (path: string): void => rmSync(path, { force: true });

/** Ends processes that a killed launcher left behind: they hold the ports. Returns how many there were. */
export async function endLeftovers(path: string): Promise<number> {
  let noted: ProcessIdentity[];
  try {
    noted = JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity[];
  } catch {
    return 0;
  }
  const alive = noted.filter(isAlive);
  await Promise.all(alive.map((identity) => endProcess(identity, 'SIGTERM', LEFTOVER_MS)));
  forgetProcesses(path);
  return alive.length;
}
