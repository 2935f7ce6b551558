import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintCustomerScope, type CustomerScope } from '#lib/auth/customer-scope.ts';
import { customerId } from '#lib/db/ids.ts';
import { openDatabase, type Database } from '#lib/db/prisma.ts';
import { findMailboxes } from '#lib/provisioning/mailboxes/find-mailboxes.ts';
import { mailboxesHref, parseMailboxQuery, type MailboxQuery } from '#lib/provisioning/mailboxes/mailbox-query.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

let url: TestDatabase;
let database: Database;
let mine: CustomerScope;
let theirs: CustomerScope;

const scopeOf = async (name: string, domains: string[]): Promise<CustomerScope> => {
  const { id } = await database.customer.create({ data: { name } });
  for (const domain of domains)
    await database.domain.create({
      data: { customerId: id, name: domain, verificationToken: domain, dkimSelector: 'a', dkimPrivateKey: 'a', dkimPublicKey: 'a' },
    });
  return mintCustomerScope({ customerId: customerId(Number(id)), role: 'owner', actor: 'user:1', remote: null });
};
const add = (domain: string, localPart: string, name = '', more = ''): Promise<unknown> =>
  sql(
    url.url,
    `insert into mailbox (customer_id, domain_id, local_part, address, password_hash, quota_bytes, name, created_at)
      select customer_id, id, $2, $2 || '@' || name, 'x', 1000, $3, now() + make_interval(secs => (select count(*) from mailbox)) from domain where name = $1`,
    [domain, localPart, name],
  ).then(() => (more ? sql(url.url, `update mailbox set ${more} where local_part = $1`, [localPart]) : undefined));
const uses = (localPart: string, bytes: number): Promise<unknown> =>
  sql(
    url.url,
    `insert into account_counter (account_id, next_uidvalidity, quota_bytes, used_bytes)
      select id, 1, 1000, $2 from mailbox where local_part = $1
      on conflict (account_id) do update set used_bytes = excluded.used_bytes`,
    [localPart, bytes],
  );
const find = (query: Partial<MailboxQuery>, domain: string | null = null, scope = mine) =>
  findMailboxes(database, scope, domain, { words: '', show: 'all', order: 'newest', page: 1, ...query });
const names = async (...given: Parameters<typeof find>) => (await find(...given)).mailboxes.map(({ localPart }) => localPart);

beforeAll(async () => {
  url = await createTestDatabase();
  database = openDatabase(url.url, 4);
  mine = await scopeOf('Muster', ['muster.at', 'xn--mller-kva.at']);
  theirs = await scopeOf('Andere', ['andere.at']);
  await add('muster.at', 'p10', 'Anna Huber', `last_login_at = '2026-01-05'`);
  await add('muster.at', 'p9', 'Max Mayr', `status = 'suspended'`);
  await add('muster.at', 'chef', '100 % Özlem', `last_login_at = '2026-01-07'`);
  await add('xn--mller-kva.at', 'werk');
  await add('muster.at', 'weg', '', `status = 'deleted', purge_after = now() + interval '1 day'`);
  await add('muster.at', 'fort', '', `status = 'deleted', purge_after = now() - interval '1 day'`);
  await add('andere.at', 'geheim', 'Anna Huber');
  await uses('p10', 1);
  await uses('p9', 9);
  await uses('chef', 1000);
  await uses('weg', 500);
});
afterAll(async () => {
  await database.$disconnect();
  await url.drop();
});

test('mailboxes are found by words of address and name, as people read them', async () => {
  expect(await names({})).toEqual(['werk', 'chef', 'p9', 'p10']);
  expect(await names({ words: 'MUSTER huber' })).toEqual(['p10']);
  expect(await names({ words: 'özlem 100' })).toEqual(['chef']);
  expect(await names({ words: '%' })).toEqual(['chef']);
  expect(await names({ words: 'werk@MÜLLER' })).toEqual(['werk']);
  expect(await find({ words: 'niemand' })).toMatchObject({ mailboxes: [], found: 0, counts: { all: 4 } });
});

test('they stand in the order that was chosen, numbers as numbers', async () => {
  expect(await names({ order: 'byAddress' })).toEqual(['chef', 'p9', 'p10', 'werk']);
  expect(await names({ order: 'bySpace' })).toEqual(['chef', 'p9', 'p10', 'werk']);
  expect(await names({ order: 'byLogin' })).toEqual(['chef', 'p10', 'werk', 'p9']);
});

test('each kind is counted and shown; what nobody brings back is in none', async () => {
  expect((await find({})).counts).toEqual({ all: 4, attention: 2, suspended: 1, deleted: 1, full: 1, usedBytes: 1010, quotaBytes: 4000 });
  expect(await names({ show: 'attention' })).toEqual(['chef', 'p9']);
  expect(await names({ show: 'suspended' })).toEqual(['p9']);
  expect(await names({ show: 'deleted' })).toEqual(['weg']);
  expect(await names({}, 'xn--mller-kva.at')).toEqual(['werk']);
});

test('nobody finds, counts or pages through those of another customer', async () => {
  for (const words of ['', 'geheim', 'huber', 'andere.at']) expect(await names({ words })).not.toContain('geheim');
  expect(await find({}, 'andere.at')).toMatchObject({ mailboxes: [], found: 0, counts: { all: 0, deleted: 0, usedBytes: 0 } });
  expect(await names({}, null, theirs)).toEqual(['geheim']);
});

test('a page of many has a hundred, each mailbox stands on one', async () => {
  const many = await scopeOf('Viele', ['viele.at']);
  await sql(
    url.url,
    // without what the store makes for each
    `set local session_replication_role = replica;
      insert into mailbox (customer_id, domain_id, local_part, address, password_hash, quota_bytes)
      select customer_id, id, 'b' || n, 'b' || n || '@' || name, 'x', 1000 from domain, generate_series(1, 20000) n where name = 'viele.at'`,
  );
  const pages = await Promise.all([1, 2].map((page) => find({ order: 'byAddress', page }, null, many)));
  expect(pages.flatMap(({ mailboxes }) => mailboxes.map(({ localPart }) => localPart))).toEqual(
    Array.from({ length: 200 }, (_, at) => `b${at + 1}`),
  );
  expect(pages.map(({ found }) => found)).toEqual([20_000, 20_000]);
  const wanted = await find({ words: 'b19999' }, null, many);
  expect(wanted).toMatchObject({ found: 1, mailboxes: [{ localPart: 'b19999' }] });
  expect((await find({ page: 201 }, null, many)).mailboxes).toEqual([]);
});

test('the address says what is asked for; what it cannot mean is as if it were not there', () => {
  const query = { words: 'a & b', show: 'suspended', order: 'bySpace', page: 3 } as const;
  const href = mailboxesHref('muster.at', query);
  const given = Object.fromEntries(new URLSearchParams(href.split('?')[1]));
  expect(given).toEqual({ domain: 'muster.at', q: 'a & b', show: 'suspended', order: 'bySpace', page: '3' });
  expect(parseMailboxQuery(given)).toEqual(query);
  const plain = { words: '', show: 'all', order: 'newest', page: 1 };
  expect(parseMailboxQuery({})).toEqual(plain);
  expect(parseMailboxQuery({ q: ['a', 'b'], show: 'x', order: 'toString', page: '-1' })).toEqual(plain);
  expect(parseMailboxQuery({ q: 'hu\0ber' }).words).toBe('huber'); // no text to Postgres
  expect(parseMailboxQuery({ page: '0' }).page).toBe(1);
  expect(parseMailboxQuery({ q: 'a\0b' }).words).toBe('ab');
  expect(parseMailboxQuery({ page: '999999' }).page).toBe(10_000);
  expect(mailboxesHref(null, parseMailboxQuery({}))).toBe('/panel/mailboxes');
});
