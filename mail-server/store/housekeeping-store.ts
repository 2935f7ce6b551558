import { dropSome } from './drop-some.ts';
import type { Query, Statement } from './postgres/database.ts';

const rowsPerBatch = 1000;
const messagesPerBatch = 200;
/** up to the largest letter each */
const uploadsPerBatch = 10;

const statement = (name: string, text: string): Statement => ({ name: `housekeeping_${name}`, text });
const statements = {
  lock: statement('lock', 'select pg_try_advisory_xact_lock($1)'),
  makePartitions: statement('make_partitions', 'select ensure_change_partitions($1)'),
  dropPartition: statement('drop_partition', 'select drop_old_change_partition($1)'),
  accountToSweep: statement(
    'account_to_sweep',
    'select account_id from sweep_candidate where at < now() - make_interval(secs => $1) order by at limit 1',
  ),
  sweep: statement('sweep', 'select sweep_account_some($1, now() - make_interval(secs => $2), $3)'),
  throttle: statement('throttle', 'select login_throttle_clean($1)'),
  makeTracePartitions: statement('make_trace_partitions', 'select ensure_trace_partitions($1)'),
  dropTracePartition: statement('drop_trace_partition', 'select drop_old_trace_partition($1)'),
  folderNames: statement('folder_names', 'select forget_folder_names($1)'),
  references: statement('references', 'select forget_references()'),
  mailboxToPurge: statement(
    'mailbox_to_purge',
    `select id from mailbox where status = 'deleted' and purge_after < now() order by purge_after limit 1`,
  ),
  purge: statement('purge', 'select purge_mailbox_some($1, $2)'),
};

const first = async (query: Query, which: Statement, values: readonly unknown[]): Promise<unknown> => (await query(which, values))[0]?.[0];

/** Takes the lock of a job for the running transaction; false: another process is at it. */
export const tryHousekeepingLock = async (query: Query, job: number): Promise<boolean> =>
  (await first(query, statements.lock, [7_253_200 + job])) === true;

/** Partitions of the change log for the next months; drops one whose changes are all older than `keepDays`. True: there may be another. */
export async function renewChangePartitions(query: Query, keepDays: number): Promise<boolean> {
  await query(statements.makePartitions, [3]);
  return typeof (await first(query, statements.dropPartition, [keepDays])) === 'string';
}

/** Deletes messages that no folder holds for `graceS` seconds. True: there is more. */
export async function sweepMessages(query: Query, graceS: number): Promise<boolean> {
  // one account a transaction: two at once could wait for each other's locks
  const account = await first(query, statements.accountToSweep, [graceS]);
  if (account === undefined) return false;
  await query(statements.sweep, [account, graceS, messagesPerBatch]);
  return true;
}

/** Keys of deliveries that were never acknowledged; nobody retries after a day. True: there is more. */
export const dropDeliveryKeys = dropSome('housekeeping_delivery_keys', 'delivery_key', `at < now() - interval '24 hours'`);

/** Counts of failed logins that mean nothing any more. True: there is more. */
export const dropLoginFailures = async (query: Query): Promise<boolean> =>
  (await first(query, statements.throttle, [rowsPerBatch])) === rowsPerBatch;

/** Partitions of the trace for the next weeks; drops one whose steps are all older than `keepDays`. True: there may be another. */
export async function renewTracePartitions(query: Query, keepDays: number): Promise<boolean> {
  await query(statements.makeTracePartitions, [4]);
  return typeof (await first(query, statements.dropTracePartition, [keepDays])) === 'string';
}

/** Files of letters that nobody finished in so many days. True: there is more. */
export const dropUploads = dropSome(
  'housekeeping_uploads',
  'upload',
  `created_at < now() - make_interval(days => $1) or (not complete and created_at < now() - interval '6 hours') order by created_at`,
  uploadsPerBatch,
);

/** Names of folders that are long gone, of one account that had more than twice `most`. True: there may be another. */
export const forgetFolderNames = async (query: Query, most: number): Promise<boolean> =>
  (await first(query, statements.folderNames, [most])) === true;

/** References of threads without messages, of one account. True: there may be another. */
export const forgetReferences = async (query: Query): Promise<boolean> => (await first(query, statements.references, [])) === true;

/** Sessions of the web that were not used for too long. True: there is more. */
export const dropWebSessions = dropSome('housekeeping_web_sessions', 'web_session', 'expires_at < now() order by expires_at');

/** Who changed what in the panel, so many days ago. True: there is more. */
export const dropAuditEvents = dropSome('housekeeping_audit_events', 'audit_event', 'at < now() - make_interval(days => $1) order by at');

/** Events that no letter and no answer was about for so many days. True: there is more. */
export const dropInvitations = dropSome(
  'housekeeping_invitations',
  'invitation',
  'noted_at < now() - make_interval(days => $1) order by noted_at',
);

/** Removes deleted mailboxes for good once their time to be restored is over. True: there is more. */
export async function purgeMailboxes(query: Query): Promise<boolean> {
  const mailbox = await first(query, statements.mailboxToPurge, []);
  if (mailbox === undefined) return false;
  await query(statements.purge, [mailbox, messagesPerBatch]);
  return true;
}
