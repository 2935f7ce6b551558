import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { startHousekeeping } from '#mail-server/housekeeping/housekeeping.ts';
import {
  dropAuditEvents,
  dropDeliveryKeys,
  dropInvitations,
  dropLoginFailures,
  dropWebSessions,
  purgeMailboxes,
  renewChangePartitions,
  renewTracePartitions,
  sweepMessages,
  tryHousekeepingLock,
} from '#mail-server/store/housekeeping-store.ts';
import { dropStsPolicies, keepStsPolicy, readStsPolicy } from '#mail-server/store/queue/sts-policies.ts';
import { INBOX_ID } from '#mail-server/store/mail-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices } from '#tests/support/services.ts';
import { newMessage, openTestProcess, type TestProcess } from '#tests/support/store.ts';

let database: TestDatabase;
let opened: TestProcess;
let account: AccountId;
let serial = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  opened = openTestProcess(database.url);
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});
beforeEach(async () => {
  account = await createAccount(database.url, `h${++serial}@muster.at`);
});

const put = (count: number) =>
  opened.store.append(
    account,
    INBOX_ID,
    Array.from({ length: count }, (_, index) => newMessage(`Subject: ${index}\n\nText\n`)),
  );
const count = async (table: string) =>
  Number((await sql(database.url, `select count(*) from ${table} where account_id = $1`, [account]))[0]?.['count']);
type Batch<T> = Parameters<typeof opened.database.transaction<T>>[0];
const transaction = <T>(body: Batch<T>): Promise<T> => opened.database.transaction(body);
const untilDone = async (batch: Batch<boolean>) => {
  let batches = 0;
  while (await transaction(batch)) batches++;
  return batches;
};

test('a host that is started anew every few hours comes to each of its jobs', async () => {
  const { services, close } = await openTestServices(database.url);
  const waits = vi.spyOn(globalThis, 'setTimeout');
  const jobs = await startHousekeeping(services);
  const longest = Math.max(...waits.mock.calls.map(([, ms = 0]) => ms));
  waits.mockRestore();
  await jobs.close(0);
  await close();
  expect(longest).toBeLessThan(3 * 60_000);
});

test('what is renewed while housekeeping waits for its row stays', async () => {
  await sql(
    database.url,
    `insert into web_session (hash, mailbox_id, credential_version, program, network, expires_at)
     select sha256(name::text::bytea), $1, 0, 'x', 'unknown', now() - interval '1 hour' from unnest(array['over', 'used', 'over as well']) name`,
    [account],
  );
  const browser = new pg.Client({ connectionString: database.url });
  await browser.connect();
  await browser.query('begin');
  await browser.query(`update web_session set expires_at = now() + interval '1 hour' where hash = sha256('used')`);
  const dropping = untilDone(dropWebSessions);
  try {
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await eventually('housekeeping to wait', async () => (await sql(database.url, waiting)).length > 0);
  } finally {
    await browser.query('commit');
    await browser.end();
  }
  await dropping;
  const left = await sql(database.url, `select hash = sha256('used') as used from web_session where mailbox_id = $1`, [account]);
  expect(left).toEqual([{ used: true }]);
});

test('changes in the panel and invitations are kept for their time, and no longer', async () => {
  await sql(
    database.url,
    `insert into audit_event (at, actor, action, subject) select now() - make_interval(days => day), 'system', 'kept.test', 'day ' || day
     from unnest(array[0, 729, 731, 5000]) day`,
  );
  await sql(
    database.url,
    `insert into invitation (mailbox_id, event, sequence, noted_at)
     select $1, sha256(day::text::bytea), day, now() - make_interval(days => day) from unnest(array[0, 729, 731, 5000]) day`,
    [account],
  );
  await untilDone((query) => dropAuditEvents(query, 730));
  await untilDone((query) => dropInvitations(query, 730));
  expect(await sql(database.url, `select subject from audit_event where action = 'kept.test' order by id`)).toEqual([
    { subject: 'day 0' },
    { subject: 'day 729' },
  ]);
  expect(await sql(database.url, 'select sequence from invitation where mailbox_id = $1 order by sequence', [account])).toEqual([
    { sequence: 0 },
    { sequence: 729 },
  ]);
});

describe('sweeping', () => {
  test('takes what no folder holds, in batches, and leaves what was copied', async () => {
    await put(450);
    const { folderId } = await opened.store.createFolder(account, 'Kopie');
    await opened.store.copy(account, INBOX_ID, folderId, [[1, 3]], false);
    await opened.store.expunge(account, INBOX_ID, [[1, 449]], true);
    expect(await count('message')).toBe(450);
    expect(await untilDone((query) => sweepMessages(query, 0))).toBeGreaterThan(1);
    expect([await count('message'), await count('message_text'), await count('sweep_candidate')]).toEqual([4, 4, 0]);
  });

  test('waits for the grace period', async () => {
    await put(1);
    await opened.store.expunge(account, INBOX_ID, [[1, 1]], true);
    expect(await untilDone((query) => sweepMessages(query, 3600))).toBe(0);
    expect(await count('message')).toBe(1);
  });
});

describe('purging', () => {
  test('a deleted mailbox goes for good when its time is over, with its mail, its addresses and a line in the audit', async () => {
    await put(450);
    await sql(database.url, `update mailbox set status = 'deleted', purge_after = now() - interval '1 s' where id = $1`, [account]);
    expect(await untilDone(purgeMailboxes)).toBeGreaterThan(2);
    for (const table of ['message', 'message_text', 'folder_message', 'folder', 'account_counter', 'change'])
      expect(await count(table)).toBe(0);
    expect(await sql(database.url, 'select 1 from address where mailbox_id = $1', [account])).toEqual([]);
    expect(await sql(database.url, `select details->>'address' as address from audit_event where subject = 'mailbox:${account}'`)).toEqual([
      { address: `h${serial}@muster.at` },
    ]);
  });

  test('neither a living mailbox nor one that may still be restored is touched', async () => {
    await put(2);
    await sql(database.url, `update mailbox set purge_after = now() - interval '1 s' where id = $1`, [account]);
    expect(await untilDone(purgeMailboxes)).toBe(0);
    await sql(database.url, `update mailbox set status = 'deleted', purge_after = now() + interval '1 day' where id = $1`, [account]);
    expect(await untilDone(purgeMailboxes)).toBe(0);
    expect(await count('message')).toBe(2);
  });
});

describe('forgetting', () => {
  test('delivery keys after a day, failed logins after a day, known networks after a month', async () => {
    await sql(database.url, `insert into delivery_key values ($1, 'old', now() - interval '25 hours'), ($1, 'new', now())`, [account]);
    await sql(
      database.url,
      `insert into login_throttle values ('pair|a|b', 9, now() - interval '2 days', null), ('pair|c|d', 9, now(), null),
        ('pair|e|f', 9, now() - interval '2 days', now() + interval '1 hour'),
        ('known|a|b', 0, now() - interval '29 days', null), ('known|c|d', 0, now() - interval '31 days', null)`,
    );
    await untilDone(dropDeliveryKeys);
    await untilDone(dropLoginFailures);
    expect(await count('delivery_key')).toBe(1);
    expect(await sql(database.url, 'select key from login_throttle order by key')).toEqual([
      { key: 'known|a|b' },
      { key: 'pair|c|d' },
      { key: 'pair|e|f' },
    ]);
  });

  test('partitions of the change log that are wholly past, and only those', async () => {
    await sql(database.url, `create table change_2020_01 partition of change for values from ('2020-01-01') to ('2020-02-01')`);
    await sql(database.url, `insert into change values ($1, 1, 1, 4, '{}', '2020-01-15')`, [account]);
    expect(await untilDone((query) => renewChangePartitions(query, 90))).toBe(1);
    expect(await sql(database.url, `select 1 from change where at < '2020-02-01'`)).toEqual([]);
    const left = await sql(database.url, `select relname from pg_class where relname like 'change_2%' and relkind = 'r'`);
    expect(left.length).toBeGreaterThanOrEqual(4);
  });
});

test('the trace expires also where something was noted before its partition was there', async () => {
  // a clock that was wrong once, or a host without housekeeping for weeks
  const [week] = await sql(database.url, `select 'trace_event_' || to_char(now() at time zone 'UTC', 'IYYY_IW') as name`);
  await sql(database.url, `drop table if exists ${String(week?.['name'])}`);
  const note = (step: string, ago: string) =>
    sql(database.url, `insert into trace_event (at, step, sender, recipient) values (now() - $2::interval, $1, '', '')`, [step, ago]);
  await note('stored', '0 s');
  await note('refused', '60 days');
  expect(await untilDone((query) => renewTracePartitions(query, 30))).toBe(0);
  expect(await sql(database.url, 'select step, tableoid::regclass::text as partition from trace_event')).toEqual([
    { step: 'stored', partition: week?.['name'] },
  ]);
});

test('one process at a time does a job', async () => {
  await transaction(async (query) => {
    expect(await tryHousekeepingLock(query, 1)).toBe(true);
    await transaction(async (other) => {
      expect(await tryHousekeepingLock(other, 1)).toBe(false);
      expect(await tryHousekeepingLock(other, 2)).toBe(true);
    });
  });
});

test('policies of other domains go when their time is over, and stay as long as they hold', async () => {
  for (const [domain, maxAgeS] of [
    ['alt.example', -1],
    ['neu.example', 3600],
  ] as const)
    await keepStsPolicy(opened.database, domain, 'a', { mode: 'enforce', mx: ['mx.example'], maxAgeS });
  expect(await transaction(dropStsPolicies)).toBe(false);
  expect(await sql(database.url, 'select domain from sts_policy')).toEqual([{ domain: 'neu.example' }]);
  expect((await readStsPolicy(opened.database, 'neu.example'))?.policy.mx).toEqual(['mx.example']);
});
