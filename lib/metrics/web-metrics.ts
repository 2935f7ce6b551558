import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { database } from '../db/prisma.ts';
import { onceInProcess } from '../config/once-in-process.ts';

function makeRegistry(): Registry {
  const made = new Registry();
  made.setDefaultLabels({ process: 'web' });
  collectDefaultMetrics({ register: made, prefix: 'postamt_' });
  new Gauge({
    name: 'postamt_web_database_up',
    help: '1 if the web reaches its database',
    registers: [made],
    async collect() {
      const reachable = await database().$queryRaw`select 1`.then(() => 1).catch(() => 0);
      this.set(reachable);
    },
  });
  return made;
}

/** The text that Prometheus scrapes. */
export async function webMetrics(): Promise<{ contentType: string; text: string }> {
  const metrics = onceInProcess('web.metrics', makeRegistry);
  return { contentType: metrics.contentType, text: await metrics.metrics() };
}
