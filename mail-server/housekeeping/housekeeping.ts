import type { Logger } from 'pino';
import type { Running, Services } from '../services.ts';
import { learnLessons, type Pupil } from '../spam/learn-lessons.ts';
import type { Query } from '../store/database.ts';
import {
  dropDeliveryKeys,
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
import { forgetOldKeys } from '../store/rules-store.ts';
import { forgetGreylist } from '../store/greylist-store.ts';
import { dropOldLessons } from '../store/spam-store.ts';
import { dropStsPolicies } from '../store/sts-policies.ts';
import type { MailStore } from '../store/types.ts';
import { expireUnprovedDomain } from '../store/unproved-domains.ts';
import { tellOfExpiry } from './tell-of-expiry.ts';

const minuteMs = 60_000;
const batchesPerRound = 1000;
const keepChangesDays = 90;
const keepTraceDays = 30;
const keepUploadsDays = 3;
/** names without a folder, for each account */
const keepFolderNames = 4000;

interface Job {
  name: string;
  everyMs: number;
  /** one short transaction; true: there is more to do */
  batch: (query: Query) => Promise<boolean>;
}

export interface HousekeepingSettings {
  sweepGraceMs: number;
  /** until a domain that nobody proves is given up */
  unprovedDays?: number;
  settings?: { hostName: string };
  /** where what people move into Junk is learnt from */
  store?: Pick<MailStore, 'readMessages'>;
  /** who else learns from it */
  pupil?: Pupil | undefined;
}

const jobs = ({ sweepGraceMs, unprovedDays = 14, settings, store, pupil }: HousekeepingSettings): readonly Job[] => [
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
    batch: (query) => tellOfExpiry(query, unprovedDays, settings?.hostName ?? 'localhost'),
  },
  { name: 'unproved domains', everyMs: 60 * minuteMs, batch: (query) => expireUnprovedDomain(query, unprovedDays) },
  { name: 'spam lessons', everyMs: 5_000, batch: async (query) => (store ? learnLessons(query, store, pupil) : false) },
  { name: 'greylist', everyMs: 60 * minuteMs, batch: forgetGreylist },
  { name: 'policies of other domains', everyMs: 360 * minuteMs, batch: dropStsPolicies },
  { name: 'old spam lessons', everyMs: 360 * minuteMs, batch: dropOldLessons },
];

/**
 * Runs each job now and then (interval ± 20 %), in small transactions. Every process has it running: an advisory lock of each transaction
 * lets one at a time do the work. The partitions of the change log exist when the promise resolves.
 */
export async function startHousekeeping(
  { database, log }: Pick<Services, 'database' | 'log'>,
  given: HousekeepingSettings,
): Promise<Running> {
  const [partitions, ...others] = jobs(given).map((job, index) => scheduled(database.transaction, job, index, log));
  await partitions?.round();
  const all = [partitions, ...others].filter((each) => each !== undefined);
  for (const each of all) each.schedule();
  return {
    async close() {
      await Promise.all(all.map((each) => each.stop()));
    },
  };
}

function scheduled(transaction: Services['database']['transaction'], job: Job, index: number, log: Logger) {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const oneBatch = (): Promise<boolean> =>
    transaction(async (query) => ((await tryHousekeepingLock(query, index)) ? job.batch(query) : false));

  const round = async (): Promise<void> => {
    try {
      for (let count = 0; count < batchesPerRound && !stopped; count++) if (!(await oneBatch())) return;
    } catch (error) {
      log.warn({ err: error, job: job.name }, 'housekeeping failed, it will be tried again');
    }
  };
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(
      () => {
        running = round().finally(schedule);
      },
      job.everyMs * (0.8 + 0.4 * Math.random()),
    ).unref();
  };
  return {
    round,
    schedule,
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
