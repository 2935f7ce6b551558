import { expect, test } from 'vitest';
import { migrate } from '#lib/db/migrate.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

test('the database of a newer version is refused in a sentence, and nothing of it is changed', async () => {
  await using database = await createTestDatabase();
  const functions = 'select name, checksum from database_function order by name';
  await sql(
    database.url,
    `insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
     values ('later', 'of a later version', now(), '29990101000000_what_comes_later', 1)`,
  );
  await sql(database.url, `update database_function set checksum = 'of a later version' where name = 'append_message'`);
  await sql(database.url, `insert into database_function values ('comes_later', 'of a later version')`);
  const before = await sql(database.url, functions);
  await expect(migrate(database.url)).rejects.toThrow(/newer version.*29990101000000_what_comes_later/);
  expect(await sql(database.url, functions)).toEqual(before);
});
