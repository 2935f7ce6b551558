import { dnsResolverOf } from '../delivery/authenticity/dns-resolver.ts';
import { repeat } from '../repeat.ts';
import type { Running, Services } from '../services.ts';
import { learnLessons } from '../spam/learn-lessons.ts';
import { pupilOf } from '../spam/pupil-of.ts';
import type { Query } from '../store/postgres/database.ts';
import {
  dropAuditEvents,
  dropDeliveryKeys,
  dropInvitations,
  dropLoginFailures,
  dropUploads,
  dropWebSessions,
  forgetFolderNames,
  forgetReferences,
  purgeMailboxes,
  renewChangePartitions,
  renewTracePartitions,
  sweepMessages,
  tryHousekeepingLock,
} from '../store/housekeeping-store.ts';
import { dropReceivedReports } from '../store/reports/received-reports.ts';
import { dropReportCounts } from '../store/reports/report-counts.ts';
import { forgetOldKeys } from '../store/rules-store.ts';
import { forgetGreylist } from '../store/greylist-store.ts';
import { dropOldLessons } from '../store/spam-store.ts';
import { dropStsPolicies } from '../store/queue/sts-policies.ts';
import { expireUnprovedDomain, forgetDomainRequests } from '../store/unproved-domains.ts';
import { expireWithheldLetters, summariseQuarantine } from './expire-withheld.ts';
import { tellOfExpiry } from './tell-of-expiry.ts';
import { tendDomainKeys } from './tend-domain-keys.ts';

const minuteMs = 60_000;
/** after the start */
const firstMs = 2 * minuteMs;
const batchesPerRound = 1000;
const keepChangesDays = 90;
const keepTraceDays = 30;
const keepUploadsDays = 3;
/** what is not sent by then nobody wants */
const keepCountsDays = 4;
const keepReportsDays = 100;
/** since the newest letter about an event, or the answer to it */
const keepInvitationsDays = 730;
/** names without a folder, for each account */
const keepFolderNames = 4000;

interface Job {
  name: string;
  everyMs: number;
  /** one short transaction; true: there is more to do */
  batch?: (query: Query) => Promise<boolean>;
  /** what asks others meanwhile claims its work itself and holds no transaction */
  work?: (database: Services['database']) => Promise<boolean>;
}

function jobs(services: Services): readonly Job[] {
  const { settings, store, secret } = services;
  const { sweepGraceMs, unprovedDays, auditDays } = settings.housekeeping;
  const pupil = pupilOf(services);
  const dkim = { ...settings.dkim, secret, resolver: dnsResolverOf(settings) };
  return [
    { name: 'change partitions', everyMs: 360 * minuteMs, batch: (query) => renewChangePartitions(query, keepChangesDays) },
    {
      name: 'sweep of messages',
      everyMs: Math.min(minuteMs, Math.max(5_000, sweepGraceMs / 4)),
      batch: (query) => sweepMessages(query, sweepGraceMs / 1000),
    },
    { name: 'delivery keys', everyMs: 30 * minuteMs, batch: dropDeliveryKeys },
    { name: 'login failures', everyMs: 30 * minuteMs, batch: dropLoginFailures },
    { name: 'message trace', everyMs: 360 * minuteMs, batch: (query) => renewTracePartitions(query, keepTraceDays) },
    { name: 'purge of mailboxes', everyMs: 10 * minuteMs, batch: purgeMailboxes },
    { name: 'uploads', everyMs: 30 * minuteMs, batch: (query) => dropUploads(query, keepUploadsDays) },
    { name: 'names of folders', everyMs: 60 * minuteMs, batch: (query) => forgetFolderNames(query, keepFolderNames) },
    { name: 'references of threads', everyMs: 360 * minuteMs, batch: forgetReferences },
    { name: 'memory of rules', everyMs: 60 * minuteMs, batch: forgetOldKeys },
    { name: 'sessions of the web', everyMs: 30 * minuteMs, batch: dropWebSessions },
    {
      name: 'notice of unproved domains',
      everyMs: 60 * minuteMs,
      batch: (query) => tellOfExpiry(query, unprovedDays, settings.hostName),
    },
    { name: 'unproved domains', everyMs: 60 * minuteMs, batch: (query) => expireUnprovedDomain(query, unprovedDays) },
    { name: 'spam lessons', everyMs: 5_000, batch: (query) => learnLessons(query, store, pupil) },
    { name: 'greylist', everyMs: 60 * minuteMs, batch: forgetGreylist },
    { name: 'counts for reports', everyMs: 360 * minuteMs, batch: (query) => dropReportCounts(query, keepCountsDays) },
    { name: 'received reports', everyMs: 360 * minuteMs, batch: (query) => dropReceivedReports(query, keepReportsDays) },
    {
      name: 'withheld letters',
      everyMs: 60 * minuteMs,
      batch: (query) => expireWithheldLetters(query, settings),
    },
    {
      name: 'summaries of quarantines',
      everyMs: 15 * minuteMs,
      batch: (query) => summariseQuarantine(query, settings),
    },
    { name: 'policies of other domains', everyMs: 360 * minuteMs, batch: dropStsPolicies },
    { name: 'old spam lessons', everyMs: 360 * minuteMs, batch: dropOldLessons },
    { name: 'requests for domains', everyMs: 360 * minuteMs, batch: forgetDomainRequests },
    { name: 'changes in the panel', everyMs: 360 * minuteMs, batch: (query) => dropAuditEvents(query, auditDays) },
    { name: 'invitations', everyMs: 360 * minuteMs, batch: (query) => dropInvitations(query, keepInvitationsDays) },
    { name: 'keys of domains', everyMs: minuteMs, work: (database) => tendDomainKeys(database, dkim) },
  ];
}

/**
 * Runs each job some minutes after the start and then now and then, in small transactions. Every process has it running: an advisory lock of each transaction
 * lets one at a time do the work. The partitions of the change log exist when the promise resolves.
 */
export async function startHousekeeping(services: Services): Promise<Running> {
  const { database, log } = services;
  let stopped = false;
  const oneBatch = ({ batch, work }: Job, index: number): Promise<boolean> =>
    work
      ? work(database)
      : database.transaction(async (query) => (batch && (await tryHousekeepingLock(query, index)) ? batch(query) : false));
  const round = async (job: Job, index: number): Promise<void> => {
    try {
      for (let count = 0; count < batchesPerRound && !stopped; count++) if (!(await oneBatch(job, index))) return;
    } catch (error) {
      log.warn({ err: error, job: job.name }, 'housekeeping failed, it will be tried again');
    }
  };
  const all = jobs(services);
  const [partitions] = all;
  if (partitions) await round(partitions, 0);
  const repeated = all.map((job, index) =>
    // soon, whatever the interval: a host that is started anew every few hours would never come to it
    repeat(() => round(job, index), { everyMs: job.everyMs, firstMs: Math.min(job.everyMs, firstMs) }),
  );
  return {
    async close() {
      stopped = true;
      await Promise.all(repeated.map((each) => each.stop()));
    },
  };
}
