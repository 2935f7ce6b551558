import pg from 'pg';
import { expect, test } from 'vitest';
import { quoteIdentifier } from '#lib/db/database-url.ts';
import { applyFunctions, readFunctions } from '#lib/db/migration/apply-functions.ts';
import { readMigrations } from '#lib/db/migration/read-migrations.ts';
import { setOf } from '#mail-server/store/keyword-sets.ts';
import { accountId } from '#lib/db/ids.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import { openTestProcess } from '#tests/support/store.ts';

test('keywords of an installation that kept them as bits are all there afterwards, and system flags with them', async () => {
  await using database = await createTestDatabase();
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA ${quoteIdentifier('public')}`);
  const migrations = await readMigrations();
  const [before, after] = [(name: string) => name < '20261129000201', (name: string) => name >= '20261129000201'];
  for (const { sql } of migrations.filter(({ name }) => before(name))) await client.query(sql);
  await client.query(`INSERT INTO account_counter (account_id, next_uidvalidity, quota_bytes, modseq) VALUES (7, 1, 1, 5), (8, 1, 1, 5);
    INSERT INTO folder_counter (account_id, folder_id, highestmodseq) VALUES (7, 1, 5), (8, 1, 5);
    INSERT INTO account_keyword VALUES (7, 5, 'Work'), (7, 6, '$Forwarded'), (7, 62, 'Last'), (8, 5, 'Other');
    INSERT INTO folder_message (account_id, folder_id, uid, message_id, modseq, flags) VALUES
      (7, 1, 1, 1, 2, 1), (7, 1, 2, 2, 2, 1 | (1::bigint << 5)), (7, 1, 3, 3, 2, (1::bigint << 5) | (1::bigint << 62)),
      (7, 1, 4, 4, 2, 31 | (1::bigint << 62) | (1::bigint << 5)), (8, 1, 1, 1, 2, 1::bigint << 5)`);
  for (const { sql } of migrations.filter(({ name }) => after(name))) await client.query(sql);
  await applyFunctions(client, await readFunctions(), true);
  const process = openTestProcess(database.url);
  const read = async (account: number): Promise<unknown[]> => {
    const id = accountId(account);
    const { flags, count } = await process.store.snapshot(id, 1);
    const list = Array.from(flags.subarray(0, count));
    const sets = await process.store.keywordSets(id, list.map(setOf));
    return list.map((each) => [Number(each & 31n), ...(sets.get(setOf(each)) ?? [])]);
  };
  expect(await read(7)).toEqual([[1], [1, 'Work'], [0, 'Work', 'Last'], [31, 'Work', 'Last']]);
  expect(await read(8)).toEqual([[0, 'Other']]);
  await process.store.storeFlags(accountId(7), 1, [[1, 1]], { keywords: { add: ['New', 'WORK'], remove: [], replace: false } });
  expect((await read(7))[0]).toEqual([1, 'Work', 'New']);
  await process.close();
  await client.end();
});
