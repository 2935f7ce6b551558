import pg from 'pg';
import { expect, test } from 'vitest';
import { quoteIdentifier } from '#lib/db/database-url.ts';
import { applyFunctions, readFunctions } from '#lib/db/migration/apply-functions.ts';
import { readMigrations } from '#lib/db/migration/read-migrations.ts';
import { parseDomainName } from '#lib/addresses/domain-name.ts';
import { openTestServices } from '#tests/support/services.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

test('domains of an installation with one key each keep it and its selector, and go on signing unless their record was not found', async () => {
  await using database = await createTestDatabase();
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA ${quoteIdentifier('public')}`);
  const migrations = await readMigrations();
  const isBefore = ({ name }: { name: string }): boolean => name < '20261129001310';
  for (const { sql } of migrations.filter(isBefore)) await client.query(sql);
  await client.query(`INSERT INTO customer (id, name) VALUES (1, 'Muster GmbH');
    INSERT INTO domain (customer_id, name, verification_token, verified_at, dkim_selector, dkim_private_key, dkim_public_key, dns_report, created_at)
    VALUES (1, 'right.at', 't', now(), 'pa1', 'sealed', 'public', '{"dkim": {"state": "right"}}', now() - interval '1 year'),
      (1, 'unknown.at', 't', now(), 'postamt2026', 'sealed', 'public', '{"dkim": {"state": "unknown"}}', now()),
      (1, 'never.at', 't', now(), 'pa1', 'sealed', 'public', null, now()),
      (1, 'missing.at', 't', now(), 'pa1', 'sealed', 'public', '{"dkim": {"state": "missing"}}', now()),
      (1, 'wrong.at', 't', now(), 'pa1', 'sealed', 'public', '{"dkim": {"state": "wrong"}}', now())`);
  for (const { sql } of migrations.filter((each) => !isBefore(each))) await client.query(sql);
  await applyFunctions(client, await readFunctions(), true);
  const { rows } = await client.query<{ due: boolean }>(`select dkim_checked_at < now() - interval '6 hours' as due from domain`);
  expect(rows.every(({ due }) => due)).toBe(true);
  const opened = await openTestServices(database.url);
  const keys = async (name: string) => {
    const found = await opened.services.directory.domain(parseDomainName(name) ?? expect.fail(name));
    return [found?.rsa, found?.ed25519];
  };
  try {
    expect(await keys('right.at')).toEqual([{ selector: 'pa1', privateKey: 'sealed' }, null]);
    expect(await keys('unknown.at')).toEqual([{ selector: 'postamt2026', privateKey: 'sealed' }, null]);
    expect(await keys('never.at')).toEqual([{ selector: 'pa1', privateKey: 'sealed' }, null]);
    expect(await keys('missing.at')).toEqual([null, null]);
    expect(await keys('wrong.at')).toEqual([null, null]);
  } finally {
    await opened.close();
    await client.end();
  }
});
