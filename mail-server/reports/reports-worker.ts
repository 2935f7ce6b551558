import type { Running, Services } from '../services.ts';
import { countsOf } from '../store/reports/report-counts.ts';
import { hostSigningKey } from './host-signing-key.ts';
import { sendDueReports } from './send-reports.ts';

const everyMs = 60_000;

/** Sends the daily reports in the background. Any number of processes may: each report is claimed before it is begun. */
export async function startReports(services: Services): Promise<Running> {
  const { database, log } = services;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(
      () => {
        running = sendDueReports(services, new Date(), () => !stopped)
          .catch((error: unknown) => log.warn({ err: error }, 'reports could not be sent, it will be tried again'))
          .finally(schedule);
      },
      everyMs * (0.8 + 0.4 * Math.random()),
    ).unref();
  };
  schedule();
  // its record can be published before the first report goes out
  if (services.settings.sendsReports)
    hostSigningKey(services).catch((error: unknown) => log.warn({ err: error }, 'the key of this host could not be made'));
  return {
    async close(graceMs) {
      stopped = true;
      clearTimeout(timer);
      await Promise.race([running, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
      await countsOf(database).flush();
    },
  };
}
