import { setTimeout as sleep } from 'node:timers/promises';
import { isHeldElsewhere } from '../store/queue/queue-claims.ts';
import type { Lane } from './queue-context.ts';

const looks = 4;
const betweenMs = 100;

/** Another worker is at the domain's mail too. Between two letters it holds none for a moment, so that a "no" is looked at again. */
export async function isSharedDomain({ context: { services, worker }, domain }: Lane): Promise<boolean> {
  for (let look = 1; ; look++) {
    if (await isHeldElsewhere(services.database, worker, domain).catch(() => false)) return true;
    if (look === looks) return false;
    await sleep(betweenMs);
  }
}
