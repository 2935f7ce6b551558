import { readDmarcReport } from './read-dmarc-report.ts';
import { readTlsReport } from './read-tls-report.ts';
import { UnreadableReport, type ReceivedReport, type ReportFault } from './received-report.ts';
import { reportsIn } from './unpack-report.ts';

export type ReportReading = { reports: ReceivedReport[] } | { fault: ReportFault };

/** What a letter reports. The first of its parts that can be read counts. Runs in a worker: its bytes may be made to become many. */
export function readReport(letter: Buffer): ReportReading {
  let fault: ReportFault = 'none';
  try {
    for (const { format, text } of reportsIn(letter)) {
      try {
        return { reports: format === 'xml' ? [readDmarcReport(text)] : readTlsReport(text) };
      } catch (error) {
        if (!(error instanceof UnreadableReport)) throw error;
        ({ fault } = error);
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableReport)) throw error;
    ({ fault } = error);
  }
  return { fault };
}
