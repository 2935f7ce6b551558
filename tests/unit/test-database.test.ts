import pg from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase } from '#tests/support/postgres.ts';

test('test files get migrated databases of their own, also at the same moment', async () => {
  const databases = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
  expect(new Set(databases.map((database) => database.url)).size).toBe(3);
  for (const database of databases) {
    const client = new pg.Client(database.url);
    await client.connect();
    expect((await client.query('SELECT count(*)::int AS n FROM mailbox')).rows).toEqual([{ n: 0 }]);
    await client.end();
    await database.drop();
  }
});
