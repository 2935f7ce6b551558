import pg from 'pg';
import { expect, test } from 'vitest';
import { databaseName, quoteIdentifier } from '#lib/db/database-url.ts';
import { migrate } from '#lib/db/migrate.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

test('whatever the owner of a Postgres prefers for others, our sessions read times and see commits as our statements take for granted', async () => {
  await using database = await createTestDatabase();
  const preferred = {
    TimeZone: 'Pacific/Auckland',
    DateStyle: 'SQL, DMY',
    IntervalStyle: 'iso_8601',
    bytea_output: 'escape',
    extra_float_digits: '0',
    default_transaction_isolation: 'repeatable read',
  };
  const own = quoteIdentifier(databaseName(database.url));
  for (const [name, value] of Object.entries(preferred)) await sql(database.url, `alter database ${own} set ${name} = '${value}'`);
  await migrate(database.url);
  const names = Object.keys(preferred);
  // what is set for a database is that of the sessions that begin behind it
  const session = new pg.Client(database.url);
  await session.connect();
  const { rows } = await session.query('select name, current_setting(name) as value from unnest($1::text[]) name', [names]);
  await session.end();
  expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual({
    TimeZone: 'UTC',
    DateStyle: 'ISO, MDY',
    IntervalStyle: 'postgres',
    bytea_output: 'hex',
    extra_float_digits: '1',
    default_transaction_isolation: 'read committed',
  });
});
