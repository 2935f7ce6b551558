import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import { freeBytes } from '../lib/config/free-space.ts';
import type { Metrics } from './metrics.ts';

const lookEveryMs = 1_000;
/** what is free must be above the floor by so much before letters are taken again, so that it does not go to and fro */
const enough = 1.1;

/** Whether there is room for letters on the disk of the database. */
export interface DiskSpace {
  /** nothing new is taken; reading, moving and deleting go on */
  readonly isLow: boolean;
  close(): void;
}

/** The database is the operator's own, or nobody wants to know. */
export const unwatchedDisk: DiskSpace = { isLow: false, close: () => undefined };

interface Watched {
  /** where the embedded Postgres has its files; not there: nothing is watched */
  directory: string;
  /** bytes that are left free; 0: none */
  floor: number;
  log: Logger;
  metrics: Metrics;
  /** bytes that are free; null: there is no such directory */
  measure?: (directory: string) => Promise<number | null>;
  everyMs?: number;
}

/**
 * Looks once a second at what is free. A Postgres whose disk is full ends, and then nobody reads or deletes a letter either: so letters are refused
 * while there is still room for everything else.
 */
export async function watchDiskSpace({ measure = freeBytes, everyMs = lookEveryMs, ...watched }: Watched): Promise<DiskSpace> {
  const { directory, floor, log, metrics } = watched;
  if (floor === 0 || (await measure(directory)) === null) return unwatchedDisk;
  const gauge = new Gauge({
    name: 'postamt_disk_free_bytes',
    help: 'Free space on the disk of the embedded database',
    registers: [metrics.registry],
  });
  const state = { isLow: false };
  const look = async (): Promise<void> => {
    const free = await measure(directory);
    if (free === null) return;
    gauge.set(free);
    const isLow = free < (state.isLow ? floor * enough : floor);
    if (isLow === state.isLow) return;
    state.isLow = isLow;
    if (isLow)
      log.warn({ directory, free, floor }, 'the disk is nearly full (POSTAMT_MIN_FREE_BYTES): no letters are taken until there is room');
    else log.info({ directory, free, floor }, 'there is room on the disk again: letters are taken');
  };
  await look();
  const timer = setInterval(() => void look(), everyMs).unref();
  return {
    get isLow() {
      return state.isLow;
    },
    close: () => clearInterval(timer),
  };
}
