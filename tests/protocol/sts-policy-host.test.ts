import { expect, test, vi } from 'vitest';
import { createAccount } from '#tests/support/accounts.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

test('the policy is there for a confirmed domain under its own name, and for nobody else', async () => {
  const database = await createTestDatabase();
  await createAccount(database.url, 'max@muster.at');
  await sql(database.url, "update domain set verified_at = now() where name = 'muster.at'");
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('POSTAMT_SECRET', 'a secret of the tests, long enough for everybody');
  vi.stubEnv('POSTAMT_ENV', 'test');
  vi.stubEnv('POSTAMT_HOST', 'mail.postamt.example');
  const { GET } = await import('../../app/mail-setup/mta-sts/route.ts');
  const ask = (host: string) => GET(new Request('http://localhost/.well-known/mta-sts.txt', { headers: { host } }));
  const answer = await ask('MTA-STS.muster.at:443');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(await answer.text()).toBe('version: STSv1\r\nmode: testing\r\nmx: mail.postamt.example\r\nmax_age: 86400\r\n');
  for (const host of ['muster.at', 'mta-sts.other.at', 'mta-sts.', 'mta-sts.a b', '']) expect((await ask(host)).status).toBe(404);
  await sql(database.url, 'update domain set verified_at = null');
  expect((await ask('mta-sts.muster.at')).status).toBe(404);
});
