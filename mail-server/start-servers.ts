import { startHousekeeping } from './housekeeping/housekeeping.ts';
import { startImap } from './imap/imap-server.ts';
import { startManageSieve } from './managesieve/managesieve-server.ts';
import { startPop3 } from './pop3/pop3-server.ts';
import { startQueue } from './queue/queue-worker.ts';
import { startReports } from './reports/reports-worker.ts';
import type { Running, Services } from './services.ts';
import { startLmtp } from './smtp/lmtp-server.ts';
import { startMx } from './smtp/mx-server.ts';
import { startSubmission } from './smtp/submission-server.ts';
import type { MaildropLocks } from './store/maildrop-locks.ts';

type AllServices = Services & { maildropLocks: MaildropLocks };
type Start = (services: AllServices) => Promise<Running>;

/** Every part of the mail server, in the order of starting. Delivery comes before what lets mail in. */
const parts: ReadonlyArray<readonly [name: string, start: Start]> = [
  ['housekeeping', startHousekeeping],
  ['imap', startImap],
  ['pop3', startPop3],
  ['managesieve', startManageSieve],
  ['queue', startQueue],
  ['mx', startMx],
  ['submission', startSubmission],
  ['lmtp', startLmtp],
  ['reports', startReports],
];

/** Starts all parts; when one fails those that run are closed again and its error is thrown. `close` takes all down at once. */
export async function startServers(services: AllServices): Promise<Running> {
  const running: Running[] = [];
  const close = async (graceMs: number): Promise<void> => {
    await Promise.allSettled(running.map((each) => each.close(graceMs)));
  };
  for (const [name, start] of parts) {
    try {
      running.push(await start({ ...services, log: services.log.child({ part: name }) }));
    } catch (error) {
      await close(0);
      throw error;
    }
  }
  return { close };
}
