import { TaskFailure } from '../../lib/workers/task-failure.ts';
import { readReportInWorker } from '../delivery/letter-work.ts';
import type { Services } from '../services.ts';
import { keepReport } from '../store/reports/received-reports.ts';
import type { ReceivedReport } from './received-report.ts';

const daySeconds = 86_400;
/** older ones are not shown any more */
const oldestDays = 60;
/** reports are daily; what covers months would tell of no day */
const longestDays = 32;

/**
 * kept: or it was there · unreadable: no report, or none that can be read · foreign: about no domain that is hosted here · many: its domain
 * got too many lately
 */
export type Taken = 'kept' | 'unreadable' | 'foreign' | 'many';

/** Takes a letter that came to the address for reports. `reporter`: the domain that was proved to have sent it. Rejects if it may succeed later. */
export async function takeReceivedReport(services: Pick<Services, 'database'>, letter: Buffer, reporter: string): Promise<Taken> {
  const reading = await readReportInWorker(letter, reporter).catch((error: unknown) => {
    // what a worker could not bear is not tried again; what it had no time for is
    if (!(error instanceof TaskFailure) || error.code === 'Busy') throw error;
    return { fault: 'unreadable' as const };
  });
  if ('fault' in reading) return 'unreadable';
  const now = Date.now() / 1000;
  const timely = reading.reports.filter((report) => isTimely(report, now));
  if (timely.length === 0) return 'unreadable';
  const kept = [];
  for (const report of timely) kept.push(await keepReport(services.database.write, reporter, report));
  return kept.includes('kept') ? 'kept' : kept.includes('many') ? 'many' : 'foreign';
}

const isTimely = ({ from, until }: ReceivedReport, now: number): boolean =>
  from <= until && until - from <= longestDays * daySeconds && until <= now + 2 * daySeconds && from >= now - oldestDays * daySeconds;
