import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withDatabase } from '#lib/db/database-url.ts';
import { migrate } from '#lib/db/migrate.ts';
import { ensureApplicationRole } from '#lib/launcher/postgres/application-role.ts';
import { purgeMailboxes, renewChangePartitions, renewTracePartitions } from '#mail-server/store/housekeeping-store.ts';
import { INBOX_ID } from '#mail-server/store/mail-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { newMessage, openTestProcess } from '#tests/support/store.ts';

// an installation from before: everything under the administrator
let before: TestDatabase;
const role = `app_${process.pid}`;
const applicationUrl = (url: string, password = 'geheim "\' $1') => {
  const changed = new URL(url);
  changed.username = role;
  changed.password = encodeURIComponent(password);
  return changed.toString();
};
const fresh = `fresh_${process.pid}`;

beforeAll(async () => {
  before = await createTestDatabase();
});
afterAll(async () => {
  await sql(withDatabase(before.url, 'postgres'), `drop database if exists ${fresh} with (force)`);
  await before.drop();
  await sql(withDatabase(before.url, 'postgres'), `drop role ${role}`);
});

const asApplication = async (url: string, text: string): Promise<string> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client
    .query(text)
    .then(
      () => 'done',
      (error: unknown) => (error instanceof pg.DatabaseError ? (error.code ?? '') : 'failed'),
    )
    .finally(() => client.end());
};

test('an installation from before goes over to a role that is no superuser, with its mail and everything that is done to it', async () => {
  const account = await createAccount(before.url, 'max@muster.at');
  const old = openTestProcess(before.url);
  await old.store.append(account, INBOX_ID, [newMessage('Subject: von vorher\n\nText\n')]);
  await old.close();
  await ensureApplicationRole(before.url, applicationUrl(before.url));
  await ensureApplicationRole(before.url, applicationUrl(before.url));
  const url = applicationUrl(before.url);
  const [who] = await sql(
    url,
    'select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = current_user',
  );
  expect(Object.values(who ?? {})).toEqual([false, false, false, false, false]);
  expect(
    await sql(url, `select relname from pg_class c where relnamespace = 'public'::regnamespace and relowner <> current_user::regrole`),
  ).toEqual([]);
  expect(await migrate(url)).toEqual([]);
  const process = openTestProcess(url);
  await process.store.append(account, INBOX_ID, [newMessage('Subject: von jetzt\n\nText\n')]);
  expect((await process.store.snapshot(account, INBOX_ID)).count).toBe(2);
  // what makes and drops tables
  await sql(before.url, `create table change_2020_01 partition of change for values from ('2020-01-01') to ('2020-02-01')`);
  await ensureApplicationRole(before.url, url);
  expect(await process.database.transaction((query) => renewChangePartitions(query, 90))).toBe(true);
  await process.database.transaction((query) => renewTracePartitions(query, 30));
  await sql(url, `update mailbox set status = 'deleted', purge_after = now() - interval '1 s' where id = $1`, [account]);
  await process.database.transaction(purgeMailboxes);
  expect(await sql(url, 'select 1 from message')).toEqual([]);
  await process.close();
});

test('a new one is made by it alone, and it reaches nothing beside its database', async () => {
  const url = withDatabase(applicationUrl(before.url, 'ein anderes'), fresh);
  await ensureApplicationRole(before.url, url);
  expect((await migrate(url)).length).toBeGreaterThan(3);
  const denied = '42501';
  expect(await asApplication(url, `copy (select 1) to program 'true'`)).toBe(denied);
  expect(await asApplication(url, `select pg_read_file('/etc/passwd')`)).toBe(denied);
  expect(await asApplication(url, 'create role other superuser')).toBe(denied);
  expect(await asApplication(url, 'create database other')).toBe(denied);
  expect(await asApplication(url, 'select rolpassword from pg_authid')).toBe(denied);
  expect(await asApplication(url, 'alter role current_user superuser')).toBe(denied);
  expect(await asApplication(url, 'alter system set fsync = off')).toBe(denied);
});
