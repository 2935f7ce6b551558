import { repeat } from '../repeat.ts';
import type { Running, Services } from '../services.ts';
import { countsOf } from '../store/reports/report-counts.ts';
import { hostSigningKey } from './host-signing-key.ts';
import { sendDueReports } from './send-reports.ts';

const everyMs = 60_000;

/** Sends the daily reports in the background. Any number of processes may: each report is claimed before it is begun. */
export async function startReports(services: Services): Promise<Running> {
  const { database, log } = services;
  let stopped = false;
  const send = (): Promise<void> =>
    sendDueReports(services, new Date(), () => !stopped).catch((error: unknown) =>
      log.warn({ err: error }, 'reports could not be sent, it will be tried again'),
    );
  const repeated = repeat(send, { everyMs });
  // its record can be published before the first report goes out
  if (services.settings.sendsReports)
    hostSigningKey(services).catch((error: unknown) => log.warn({ err: error }, 'the key of this host could not be made'));
  return {
    async close(graceMs) {
      stopped = true;
      await Promise.race([repeated.stop(), new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
      await countsOf(database).flush();
    },
  };
}
