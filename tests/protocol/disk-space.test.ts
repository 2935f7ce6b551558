import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basePorts } from '#lib/config/config.ts';
import { type Certificates, ensureCertificates } from '#lib/launcher/certificates.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { TestImap } from '#tests/support/imap-client.ts';
import { firstMessage, startMailProcess } from '#tests/support/mail-process.ts';
import { setPassword } from '#tests/support/passwords.ts';
import { reservePortOffset } from '#tests/support/ports.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

const password = 'ein langes Kennwort';
/** more than any disk has that this runs on */
const everything = String(2 ** 40);
let database: TestDatabase;
let data: string;
let certificates: Certificates;
let offset: number;

beforeAll(async () => {
  database = await createTestDatabase();
  data = await mkdtemp(join(tmpdir(), 'postamt-disk-'));
  await mkdir(join(data, 'postgres', 'data'), { recursive: true });
  certificates = await ensureCertificates(data, 'localhost');
  offset = await reservePortOffset();
  await setPassword(database.url, await createAccount(database.url, 'max@muster.at'), password);
});
afterAll(async () => {
  await rm(data, { recursive: true });
  await database.drop();
});

async function start(floor: string, directory = data): Promise<{ child: ChildProcess; metrics: () => Promise<string> }> {
  const child = startMailProcess(
    { databaseUrl: database.url, certificates, portOffset: offset },
    { POSTAMT_DATA: directory, POSTAMT_MIN_FREE_BYTES: floor },
  );
  const message = await firstMessage(child);
  expect(message).toMatchObject({ type: 'ready' });
  const { metricsPort } = message as { metricsPort: number };
  return { child, metrics: async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text() };
}
async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}
async function login(): Promise<TestImap> {
  const imap = await TestImap.connect(basePorts.imaps + offset, true);
  expect((await imap.command(`LOGIN max@muster.at "${password}"`)).status).toBe('OK');
  return imap;
}
/** What MAIL is answered on each port. */
async function answersToMail(): Promise<(string | null)[]> {
  const outside = await SmtpClient.open(basePorts.smtp + offset);
  const lmtp = await SmtpClient.open(basePorts.lmtp + offset, { greeting: 'LHLO peer.test' });
  const ours = await SmtpClient.open(basePorts.submissions + offset, { tls: true });
  expect(await ours.ask('MAIL FROM:<max@muster.at>')).toMatch(/^530 /);
  expect(await ours.signIn('max@muster.at', password)).toMatch(/^235 /);
  const answers = [
    await outside.ask('MAIL FROM:<a@example.org>'),
    await lmtp.ask('MAIL FROM:<a@example.org>'),
    await ours.ask('MAIL FROM:<max@muster.at>'),
  ];
  for (const client of [outside, lmtp, ours]) client.close();
  return answers;
}
const letter = 'Subject: x\r\n\r\ny\r\n';
const append = (imap: TestImap) => imap.command(`APPEND INBOX {${letter.length}+}\r\n${letter}`);

test('a disk that is nearly full takes no letters, and everybody can read, move and delete his', async () => {
  const before = await start('1');
  const early = await login();
  for (let count = 0; count < 2; count++) expect((await append(early)).status).toBe('OK');
  expect((await early.command('CREATE Muell')).status).toBe('OK');
  expect(await answersToMail()).toEqual(['250 2.1.0 OK', '250 2.1.0 OK', '250 2.1.0 OK']);
  expect(await before.metrics()).toMatch(/^postamt_disk_free_bytes [1-9]/m);
  await stop(before.child);

  const { child } = await start(everything);
  const full = '452 4.3.1 Kein Speicherplatz, bitte spaeter noch einmal - insufficient system storage, please try again later';
  expect(await answersToMail()).toEqual([full, full, full]);
  const imap = await login();
  expect(await append(imap)).toMatchObject({ status: 'NO', text: expect.stringContaining('[LIMIT] There is hardly any disk space') });
  expect((await imap.command('SELECT INBOX')).untagged).toContain('2 EXISTS');
  expect((await imap.command('FETCH 1 BODY[TEXT]')).status).toBe('OK');
  expect((await imap.command('COPY 1 Muell')).status).toBe('OK');
  expect((await imap.command('MOVE 1 Muell')).status).toBe('OK');
  expect((await imap.command('STORE 1 +FLAGS (\\Deleted)')).status).toBe('OK');
  expect((await imap.command('EXPUNGE')).untagged).toContain('1 EXPUNGE');
  await stop(child);
});

test('a data directory without the database says nothing about its disk', async () => {
  const { child, metrics } = await start(everything, join(data, 'postgres'));
  expect(await answersToMail()).toEqual(['250 2.1.0 OK', '250 2.1.0 OK', '250 2.1.0 OK']);
  expect(await metrics()).not.toContain('postamt_disk_free_bytes');
  await stop(child);
});
