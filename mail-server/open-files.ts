import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';

/** what the database, other hosts, workers and logs need beside clients; without it the process could not even sign anybody in */
const forClients = 3 / 4;

/**
 * How many connections of clients a process takes that may have so many files open ("ulimit -n", LimitNOFILE): where there is no file left, the
 * system closes connections before anybody could say a word. Where nobody can tell, as many as are wanted.
 */
export function connectionsWithin(wanted: number, limits: string): number {
  const openFiles = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Infinity);
  return Math.min(wanted, Math.floor(openFiles * forClients));
}

/** The same for this process; said in its log where it is less than wanted. */
export async function affordableConnections(wanted: number, log: Logger): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const connections = connectionsWithin(wanted, limits);
  if (connections < wanted)
    log.warn(
      { connections, wanted },
      'this process may have too few files open (ulimit -n, LimitNOFILE) for POSTAMT_CONNECTIONS: it takes fewer',
    );
  return connections;
}
