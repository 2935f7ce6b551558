import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { isReportAddress } from '../../lib/addresses/report-address.ts';
import { sealInWorker } from '../delivery/letter-work.ts';
import { bellOf } from '../queue/queue-bell.ts';
import type { Services } from '../services.ts';
import {
  claimReport,
  concludeReport,
  planReports,
  readCounts,
  type CountedFacts,
  type ReportClaim,
} from '../store/reports/report-sending.ts';
import { automaticMessage } from '../store/queue/automatic-message.ts';
import { enqueue, type NewQueueMessage } from '../store/queue/queue-store.ts';
import { keepReport } from '../store/reports/received-reports.ts';
import type { TransportFacts } from './count-session.ts';
import type { DmarcFacts } from './dmarc-facts.ts';
import { findDestinations, type Destination } from './find-destinations.ts';
import { hostSigningKey } from './host-signing-key.ts';
import { postReport } from './post-report.ts';
import { headOf } from './report-head.ts';
import { reportLetter, type PackedReport } from './report-letter.ts';
import { readDmarcReport } from './read-dmarc-report.ts';
import { readTlsReport } from './read-tls-report.ts';
import { writeDmarcReport } from './write-dmarc-report.ts';
import { writeTlsReport } from './write-tls-report.ts';

type Needs = Pick<Services, 'settings' | 'database' | 'secret' | 'log'>;

const pack = promisify(gzip);
/** policies of one day: each is a report of its own */
const mostPolicies = 5;
const mostAttempts = 6;
const planAfterMs = 600_000;
/** most of them wait for the DNS of others */
const atOnce = 8;

/** Sends the reports of the days that are over, some at a time, until none is due or `mayGoOn` says so. */
export async function sendDueReports(services: Needs, now: Date, mayGoOn: () => boolean = () => true): Promise<void> {
  const { settings, database, log } = services;
  if (!settings.sendsReports) return;
  // what other processes counted at the end of the day is there by then
  const soon = new Date(now.getTime() - planAfterMs);
  await planReports(database.write, soon.toISOString().slice(0, 10), settings.hostName);
  const work = async (): Promise<void> => {
    while (mayGoOn()) {
      const claim = await claimReport(database.write, now);
      if (!claim) return;
      try {
        await sendReport(services, claim);
      } catch (error) {
        const { kind, domain, attempts } = claim;
        log.info({ err: error, kind, domain, attempts }, 'a report could not be sent');
        if (attempts >= mostAttempts) await concludeReport(database.write, claim, 'given up');
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function sendReport(services: Needs, claim: ReportClaim): Promise<void> {
  const { settings, database } = services;
  const destinations = await findDestinations(settings, claim.kind, claim.domain);
  if (destinations.length === 0) {
    await concludeReport(database.write, claim, 'not asked for');
    return;
  }
  const reports = await reportsOf(services, claim);
  const isOurs = (each: Destination): boolean => each.kind === 'mail' && isReportAddress(each.address, settings.hostName);
  for (const destination of destinations)
    if (destination.kind === 'post')
      for (const { packed } of reports)
        if (!(await postReport(settings, destination.url, packed)) && claim.attempts < mostAttempts)
          throw new Error(`not taken by ${new URL(destination.url).hostname}`);
  const letters = await lettersFor(
    services,
    claim,
    reports,
    destinations.filter((each) => !isOurs(each)),
  );
  // who takes reports here gets them without a letter
  const own = destinations.some(isOurs)
    ? reports.flatMap(({ text }) => (claim.kind === 'tls' ? readTlsReport(text) : [readDmarcReport(text)]))
    : [];
  await database.transaction(async (query) => {
    if (!(await concludeReport(query, claim, `${destinations.length} destinations`))) return;
    for (const report of own) await keepReport(query, settings.hostName.toLowerCase(), report);
    for (const letter of letters) await enqueue(query, letter);
  });
  if (letters.length > 0) bellOf(database).ring();
}

type WrittenReport = PackedReport & { text: string };

async function reportsOf({ settings, database }: Needs, claim: ReportClaim): Promise<WrittenReport[]> {
  const { hostName } = settings;
  const written = (text: string, part: number): Promise<WrittenReport> =>
    pack(text).then((packed) => ({ kind: claim.kind, head: headOf(hostName, claim, part), text, packed }));
  if (claim.kind === 'tls') {
    const rows = await readCounts<TransportFacts>(database.read, claim);
    return rows.length === 0 ? [] : [await written(writeTlsReport(headOf(hostName, claim, 0), rows), 0)];
  }
  const rows = await readCounts<DmarcFacts>(database.read, claim);
  const byPolicy = [...Map.groupBy(rows, ({ facts }) => JSON.stringify(Object.entries(facts.policy).sort())).values()];
  const largest = byPolicy.toSorted((left, right) => sum(right) - sum(left)).slice(0, mostPolicies);
  return Promise.all(
    largest.flatMap((of, part) => (of[0] ? [written(writeDmarcReport(headOf(hostName, claim, part), of[0].facts.policy, of), part)] : [])),
  );
}

const sum = (rows: readonly CountedFacts<unknown>[]): number => rows.reduce((total, { count }) => total + count, 0);

async function lettersFor(
  services: Needs,
  { kind, domain }: ReportClaim,
  reports: readonly PackedReport[],
  destinations: readonly Destination[],
): Promise<NewQueueMessage[]> {
  const mails = destinations.flatMap((each) => (each.kind === 'mail' ? [each] : []));
  if (mails.length === 0) return [];
  const signer = await hostSigningKey(services);
  const letters: NewQueueMessage[] = [];
  for (const report of reports) {
    for (const { address, mostBytes } of mails) {
      const { message, signature, fault } = await sealInWorker({ message: reportLetter(report, address, new Date()), signer }, domain);
      if (fault) throw fault;
      const content = Buffer.concat([Buffer.from(signature), message]);
      if (content.length > mostBytes) continue;
      const letter = automaticMessage(address, { customerId: null, locale: 'en', content });
      if (letter) letters.push({ ...letter, tlsOptional: kind === 'tls' });
    }
  }
  return letters;
}
