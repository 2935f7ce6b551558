import { join } from 'node:path';
import { z } from 'zod';
import type { DataDirectory } from './data-directory.ts';
import { RotatingLog } from './rotating-log.ts';
import { spawnNode } from './spawn-node.ts';
import { endOf, type ProcessKind } from './supervised-process.ts';

const READY_MS = 60_000;
const STOP_MS = 10_000;
/**
 * A small heap is collected whole every seventy letters (their bytes count towards its limit), 5 to 12 ms each time. Room from the start
 * spares seven of eight collections and halves the slowest deliveries, for 80 MB more in memory.
 */
const HEAP_ROOM = '--initial-heap-size=256';

/** What mail-server/main.ts tells its launcher, once. */
const report = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), metricsPort: z.number().int().optional() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);

/** The mail-server process number `index` (from 0). `watch`: it starts again when its sources change. */
export function mailProcess(index: number, env: NodeJS.ProcessEnv, directory: DataDirectory, watch: boolean): ProcessKind {
  const name = `mail ${index + 1}`;
  const log = new RotatingLog(join(directory.logs, `mail-${index + 1}.log`));
  const metricsPort = Number(env['POSTAMT_METRICS_PORT'] ?? 0);
  const ownEnv = { ...env, POSTAMT_METRICS_PORT: String(metricsPort === 0 ? 0 : metricsPort + index) };
  return {
    name,
    stopSignal: 'SIGTERM',
    stopMs: STOP_MS,
    start: async () => {
      const child = spawnNode([HEAP_ROOM, ...(watch ? ['--watch'] : []), 'mail-server/main.ts'], ownEnv, log);
      const ready = new Promise<void>((resolve, reject) => {
        const timeout = setTimeout(() => reject(new Error(`${name} did not get ready within ${READY_MS / 1000} seconds`)), READY_MS);
        child.on('message', (message) => {
          const parsed = report.safeParse(message);
          if (!parsed.success) return;
          clearTimeout(timeout);
          if (parsed.data.type === 'ready') resolve();
          else reject(new Error(parsed.data.message));
        });
        child.on('error', reject);
        void endOf(child).then((how) => {
          clearTimeout(timeout);
          reject(new Error(`${how} before it was ready`));
        });
      });
      ready.catch(() => {});
      return { child, ready };
    },
  };
}
