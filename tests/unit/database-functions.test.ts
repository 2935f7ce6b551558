import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '#lib/db/migrate.ts';
import { applyFunctions, readFunctions, type FunctionFile } from '#lib/db/migration/apply-functions.ts';
import { readMigrations } from '#lib/db/migration/read-migrations.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

let database: TestDatabase;
let client: pg.Client;
let files: FunctionFile[];

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
  files = await readFunctions();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const changed = (name: string, sql: string, checksum = sql): FunctionFile[] => [
  ...files.filter((file) => file.name !== name),
  { name, sql, checksum },
];
const signaturesOf = async (name: string): Promise<string[]> =>
  (await client.query(`select oid::regprocedure::text as s from pg_proc where proname = $1 order by 1`, [name])).rows.map(({ s }) => s);

test('each file of prisma/functions makes the function of its name, and every function in use has a file', async () => {
  const { rows } = await client.query(
    `select proname, count(*)::int as n from pg_proc where pronamespace = 'public'::regnamespace group by 1 order by 1`,
  );
  expect(rows).toEqual(files.map(({ name }) => ({ proname: name, n: 1 })));
  expect(await applyFunctions(client, files)).toEqual([]);
});

test('a migration defines no function: it would be overwritten by the file, or the file by it', async () => {
  const late = (await readMigrations()).filter(({ name }) => name >= '20261129');
  const offenders = late.filter(({ sql }) => /create\s+(or\s+replace\s+)?(function|trigger)/i.test(sql)).map(({ name }) => name);
  expect(offenders).toEqual([]);
});

test('what changed is applied alone, also with other parameters and other results; what was taken away is dropped', async () => {
  const first = changed('answer', `CREATE OR REPLACE FUNCTION answer(p int) RETURNS int LANGUAGE sql AS 'select p'`);
  expect(await applyFunctions(client, first)).toEqual(['answer']);
  const other = changed('answer', `CREATE OR REPLACE FUNCTION answer(p text, OUT o text) LANGUAGE sql AS 'select p'`);
  expect(await applyFunctions(client, other)).toEqual(['answer']);
  expect(await signaturesOf('answer')).toEqual(['answer(text)']);
  const result = changed('answer', `CREATE OR REPLACE FUNCTION answer(p text, OUT o bigint) LANGUAGE sql AS 'select 7::bigint'`);
  await applyFunctions(client, result);
  expect((await client.query(`select answer('x') as a`)).rows).toEqual([{ a: '7' }]);
  await applyFunctions(client, files);
  expect(await signaturesOf('answer')).toEqual([]);
});

test('a file that fails leaves everything as it was', async () => {
  const broken = [
    ...changed('answer', `CREATE FUNCTION answer() RETURNS int LANGUAGE sql AS 'select 1'`),
    ...changed('zz', 'CREATE NONSENSE'),
  ];
  await expect(applyFunctions(client, broken)).rejects.toThrow();
  expect(await signaturesOf('answer')).toEqual([]);
  expect(await applyFunctions(client, files)).toEqual([]);
});

test('an installation from before the files is brought up to date, its triggers included', async () => {
  await client.query('DELETE FROM database_function');
  await client.query(`CREATE OR REPLACE FUNCTION keyword_bit(p_account bigint, p_name text) RETURNS int LANGUAGE sql AS 'select 1'`);
  await client.query('DROP TRIGGER mailbox_closes_account ON mailbox');
  await migrate(database.url);
  expect((await client.query('select count(*)::int as n from database_function')).rows).toEqual([{ n: files.length }]);
  const { rows } = await client.query('select distinct tgname from pg_trigger where not tgisinternal order by 1');
  const declared = files.flatMap(({ sql }) => [...sql.matchAll(/CREATE OR REPLACE TRIGGER (\w+)/gi)].map(([, name]) => name));
  expect(declared).toContain('mailbox_closes_account');
  expect(rows.map(({ tgname }) => tgname)).toEqual([...new Set(declared)].sort());
});
