import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { database } from '#lib/db/prisma.ts';
import type { MailboxIdentity } from '#lib/webmail/connection/mailbox-identity.ts';
import { storeUpload } from '#lib/webmail/files/upload-store.ts';
import { buildLetter } from '#lib/webmail/writing/build-letter.ts';
import { emptyLetter } from '#lib/webmail/writing/empty-letter.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { testSecret } from '#tests/support/services.ts';

let test: TestDatabase;
let mailbox: MailboxIdentity;
let data: string;

beforeAll(async () => {
  test = await createTestDatabase();
  data = await mkdtemp(join(tmpdir(), 'postamt-letters-'));
  Object.assign(process.env, { DATABASE_URL: test.url, POSTAMT_DATA: data, POSTAMT_MIN_FREE_BYTES: '0', POSTAMT_SECRET: testSecret });
  const address = parseEmailAddress('max@muster.at') ?? expect.fail();
  const mailboxId = await createAccount(test.url, address);
  mailbox = { mailboxId, address, name: 'Max', locale: 'de', credentialVersion: 1, sessionId: null };
});
afterAll(async () => {
  await database().$disconnect();
  await test.drop();
  await rm(data, { recursive: true });
});

const columns = `Artikel ${'x'.repeat(90)} \r\nStuhl\r\n`;
const anna = { name: '', address: 'anna@extern.example' };

it.each([
  ['plain, without a word', { text: '', html: '' }],
  ['plain, with a blank alone', { text: ' ', html: '' }],
  ['an empty page', { text: '', html: '<p></p>' }],
  ['with a text', { text: 'Anbei die Liste.', html: '' }],
])('a text file goes out as it is, whatever the letter says beside it: %s', async (_, written) => {
  const upload = await storeUpload(mailbox, { name: 'liste.txt', type: 'text/plain', content: Readable.from([Buffer.from(columns)]) });
  const { bytes } = await buildLetter(mailbox, { ...emptyLetter(), ...written, to: [anna], subject: 'x', uploads: [upload] }, 'send');
  const letter = bytes.toString().replace(/\r\n[ \t]+/g, ' ');
  const file = /Content-Type: text\/plain;[^\r]*name=liste\.txt[^\r]*/.exec(letter)?.[0] ?? '';
  expect(file).not.toBe('');
  expect(file).not.toContain('flowed');
  expect(letter.includes('format=flowed')).toBe(written.text.trim() !== '');
});
