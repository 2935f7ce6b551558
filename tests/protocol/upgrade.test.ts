import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSecret } from '#lib/auth/secret-box.ts';
import { quoteIdentifier } from '#lib/db/database-url.ts';
import { accountId, type AccountId } from '#lib/db/ids.ts';
import { migrate } from '#lib/db/migrate.ts';
import { readMigrations } from '#lib/db/migration/read-migrations.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { setOf } from '#mail-server/store/keyword-sets.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';

// An installation of the first version, as it lay in its database: two mailboxes with letters that were filed, marked, labelled, moved and
// expunged, an app password, a letter in the queue. `ground-floor.json` is what a mail program was shown of it then.

interface Shown {
  credentials: { address: string; password: string }[];
  mailboxes: {
    address: string;
    folders: { name: string; uidValidity: number; letters: { uid: number; flags: number; keywords: string[]; sha1: string }[] }[];
  }[];
}

const folder = new URL('../fixtures/upgrade/', import.meta.url);
const secret = 'a secret of an installation that is only tested';
const appPassword = 'abcd-efgh-jkmn-pqrs-tuvw-xyz2-3456';
let database: TestDatabase;
let opened: TestServices;
let shown: Shown;

beforeAll(async () => {
  shown = JSON.parse(await readFile(new URL('ground-floor.json', folder), 'utf8')) as Shown;
  database = await createTestDatabase();
  await sql(database.url, `DROP SCHEMA public CASCADE; CREATE SCHEMA ${quoteIdentifier('public')}`);
  for (const migration of (await readMigrations()).slice(0, 4)) await sql(database.url, migration.sql);
  await sql(database.url, gunzipSync(await readFile(new URL('ground-floor.sql.gz', folder))).toString());
  await migrate(database.url);
  opened = await openTestServices(database.url, {});
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

const accountOf = async (address: string): Promise<AccountId> => {
  const [row] = await sql(database.url, 'select id from mailbox where address = $1', [address]);
  return accountId(Number(row?.['id']));
};

test('no migration that an installation may have run is written anew', async () => {
  const done = await sql(database.url, `select migration_name as name, checksum from _prisma_migrations order by migration_name`);
  const now = (await readMigrations()).map((each) => ({ name: each.name, checksum: createHash('sha256').update(each.sql).digest('hex') }));
  expect(done).toEqual(now);
});

test('a second start has nothing to do', async () => {
  expect(await migrate(database.url)).toEqual([]);
});

test('every letter stands where it stood, with its UID, its flags, its labels and every octet', async () => {
  const { store } = opened.services;
  const mailboxes: Shown['mailboxes'] = [];
  for (const { address } of shown.mailboxes) {
    const account = await accountOf(address);
    const folders: Shown['mailboxes'][number]['folders'] = [];
    for (const { folderId, name, uidvalidity } of await store.folders(account)) {
      const { count, uids, flags, messageIds } = await store.snapshot(account, folderId);
      const sets = await store.keywordSets(account, [...flags.subarray(0, count)].map(setOf));
      const letters: Shown['mailboxes'][number]['folders'][number]['letters'] = [];
      for (let index = 0; index < count; index++) {
        const hash = createHash('sha1');
        for await (const chunk of store.readMessages(account, [messageIds[index] ?? 0], ['header', 'content']))
          for (const message of chunk) hash.update(message.header ?? '').update(message.content ?? '');
        const bits = flags[index] ?? 0n;
        const keywords = [...(sets.get(setOf(bits)) ?? [])].sort();
        letters.push({ uid: uids[index] ?? 0, flags: Number(bits & 31n), keywords, sha1: hash.digest('hex') });
      }
      folders.push({ name, uidValidity: uidvalidity, letters });
    }
    mailboxes.push({ address, folders });
  }
  expect(mailboxes).toEqual(shown.mailboxes);
});

test('passwords of people and of devices open what they opened', async () => {
  const { authenticator } = opened.services;
  const where = { remoteAddress: '127.0.0.1', protocol: 'imap' as const };
  for (const { address, password } of shown.credentials)
    expect(await authenticator.password({ user: address, password, ...where })).toMatchObject({ ok: true, principal: { address } });
  const [{ address = '' } = {}] = shown.credentials;
  expect(await authenticator.password({ user: address, password: appPassword, ...where })).toMatchObject({
    ok: true,
    principal: { address },
  });
});

test('the letter in the queue waits to be sent, and the key that signs it opens', async () => {
  const queued = await sql(
    database.url,
    `select recipient.address, recipient.state, message.size, octet_length(message.content) as octets
     from queue_recipient recipient join queue_message message on message.id = recipient.message_id`,
  );
  expect(queued).toEqual([expect.objectContaining({ address: 'wer@extern.example', state: 'queued' })]);
  expect(queued[0]?.['octets']).toBe(queued[0]?.['size']);
  const [domain] = await sql(database.url, `select dkim_private_key from domain where name = 'muster.at'`);
  expect(openSecret(String(domain?.['dkim_private_key']), secret)).toContain('PRIVATE KEY');
});

test('a new letter comes behind the old ones', async () => {
  const [{ address = '', folders = [] } = {}] = shown.mailboxes;
  const last = folders.find(({ name }) => name === 'INBOX')?.letters.at(-1)?.uid ?? 0;
  const account = await accountOf(address);
  const raw = Buffer.from('From: a@extern.example\r\nSubject: neu\r\n\r\nneu\r\n');
  const stored = await opened.services.store.deliver(account, { raw, index: indexMessage(raw), flags: 0n, receivedMs: null }, null);
  expect(stored?.uid).toBeGreaterThan(last);
});
