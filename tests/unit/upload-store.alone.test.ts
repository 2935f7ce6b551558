import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { database } from '#lib/db/prisma.ts';
import type { MailboxIdentity } from '#lib/webmail/connection/mailbox-identity.ts';
import { keepUploadsWith, openUploads, storeUpload } from '#lib/webmail/files/upload-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

let test: TestDatabase;
let mailbox: MailboxIdentity;
let client: pg.Client;
let data: string;

beforeAll(async () => {
  test = await createTestDatabase();
  process.env['DATABASE_URL'] = test.url;
  data = await mkdtemp(join(tmpdir(), 'postamt-uploads-'));
  process.env['POSTAMT_DATA'] = data;
  // more than this disk has
  process.env['POSTAMT_MIN_FREE_BYTES'] = '1125899906842624';
  process.env['POSTAMT_SECRET'] = 'a secret of this test that is long enough';
  const address = parseEmailAddress('max@muster.at');
  if (!address) throw new Error('not an address');
  const mailboxId = await createAccount(test.url, address);
  mailbox = { mailboxId, address, name: 'Max', locale: 'de', credentialVersion: 1, sessionId: null };
  client = new pg.Client({ connectionString: test.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database().$disconnect();
  await test.drop();
  await rm(data, { recursive: true });
});

const file = (name: string) => storeUpload(mailbox, { name, type: 'text/plain', content: Readable.from([Buffer.from(name)]) });
/** As many files as a mailbox may have on their way, as answers to letters full of pictures leave them. */
const fill = (letterId: string | null, minutes: number) =>
  client.query(
    `insert into upload (id, mailbox_id, name, type, complete, letter_id, created_at)
     select md5(random()::text), $1, 'bild.png', 'image/png', true, $2, now() - make_interval(mins => $3)
     from generate_series(1, 2000 - (select count(*)::int from upload where mailbox_id = $1))`,
    [mailbox.mailboxId, letterId, minutes],
  );

it('files of answers that were closed again give way to those of a new letter', async () => {
  const kept = await file('vertrag.txt');
  await keepUploadsWith(mailbox, { id: 'b7e1c8f2-0000-4000-8000-000000000001', uploads: [kept] });
  await fill(null, 11);
  const added = await file('angebot.txt');
  expect((await openUploads(mailbox, [kept, added])).map(({ name }) => name)).toEqual(['vertrag.txt', 'angebot.txt']);
  const { rows } = await client.query<{ n: number }>('select count(*)::int n from upload where mailbox_id = $1', [mailbox.mailboxId]);
  expect(rows[0]?.n).toBe(2000);
});

it('files that belong to a draft, or came just now, never give way', async () => {
  await client.query('delete from upload where letter_id is null');
  await fill('b7e1c8f2-0000-4000-8000-000000000002', 60);
  await expect(file('noch-eine.txt')).rejects.toThrow('TooLarge');
  await client.query('delete from upload where mailbox_id = $1', [mailbox.mailboxId]);
  await fill(null, 1);
  await expect(file('noch-eine.txt')).rejects.toThrow('TooLarge');
});

it('one that is still coming ends with the session that it was begun in, and nothing of it stays', async () => {
  await client.query('delete from upload where mailbox_id = $1', [mailbox.mailboxId]);
  const content = new Readable({ read: () => undefined });
  content.push('the first piece');
  const ofNoSession = { ...mailbox, sessionId: 0 };
  await expect(storeUpload(ofNoSession, { name: 'spaet.txt', type: 'text/plain', content })).rejects.toThrow('SessionEnded');
  const { rows } = await client.query('select 1 from upload where mailbox_id = $1', [mailbox.mailboxId]);
  expect(rows).toEqual([]);
});

it('a session that ends before the first byte is read ends that file, and nothing else', async () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on('uncaughtException', hear);
  try {
    const content = Readable.from([Buffer.from('x')]);
    await client.query('begin');
    await client.query('lock table upload in access exclusive mode');
    const stored = storeUpload({ ...mailbox, sessionId: 0 }, { name: 'spaet.txt', type: 'text/plain', content });
    const refused = expect(stored).rejects.toThrow('SessionEnded');
    await expect.poll(() => content.destroyed).toBe(true);
    await client.query('rollback');
    await refused;
  } finally {
    process.off('uncaughtException', hear);
  }
  expect(unheard).toEqual([]);
});

it('none is taken where the disk of the embedded database is nearly full, and nothing of it stays', async () => {
  await client.query('delete from upload where mailbox_id = $1', [mailbox.mailboxId]);
  await file('vorher.txt');
  await mkdir(join(data, 'postgres', 'data'), { recursive: true });
  await expect(file('zu-viel.txt')).rejects.toThrow('DiskFull');
  const { rows } = await client.query('select name from upload where mailbox_id = $1', [mailbox.mailboxId]);
  expect(rows).toEqual([{ name: 'vorher.txt' }]);
});
