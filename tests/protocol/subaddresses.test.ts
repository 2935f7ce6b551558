import { afterAll, beforeAll, expect, test } from 'vitest';
import { withoutDetail } from '#lib/addresses/without-detail.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import { startSubmission, type RunningSubmission } from '#mail-server/smtp/submission-server.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { setPassword } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let opened: TestServices;
let submission: RunningSubmission;
let max: AccountId;
let client: SmtpClient;

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url);
  submission = await startSubmission({ ...opened.services, secret: testSecret });
  max = await createAccount(database.url, 'max@muster.at');
  await createAccount(database.url, 'erika@muster.at');
  await setPassword(database.url, max, 'vier Mäuse im Schnee');
  client = await SmtpClient.open(submission.ports.submissions, { tls: true });
  expect(await client.signIn('max@muster.at', 'vier Mäuse im Schnee')).toMatch(/^235 /);
});
afterAll(async () => {
  client.close();
  await submission.close(1000);
  await opened.close();
  await database.drop();
});

const said = async (command: string) => (await client.ask(command)) ?? 'closed';

test('mail to a subaddress comes to the mailbox it belongs to, and may be answered from it (RFC 5233)', async () => {
  expect(await said('MAIL FROM:<max+laden@muster.at>')).toMatch(/^250 /);
  expect(await said('RCPT TO:<max+post@muster.at>')).toMatch(/^250 /);
  expect(await said('RCPT TO:<niemand+post@muster.at>')).toMatch(/^550 /);
  expect(await said('DATA')).toMatch(/^354 /);
  expect(await said('From: Max <max+laden@muster.at>\r\nTo: max+post@muster.at\r\nSubject: x\r\n\r\nText\r\n.')).toMatch(/^250 /);
  const worker = await startQueue(opened.services);
  await eventually('the letter in the inbox', async () => (await storedMessages(opened.services.store, max)).length === 1);
  await worker.close(2000);
});

test('nobody writes as a subaddress of somebody else', async () => {
  expect(await said('MAIL FROM:<erika+laden@muster.at>')).toMatch(/^553 /);
});

test('only what stands before the domain is a detail', () => {
  expect(withoutDetail('max+a+b@muster.at')).toBe('max@muster.at');
  expect(withoutDetail('max@mus+ter.at')).toBe('max@mus+ter.at');
  expect(withoutDetail('+max@muster.at')).toBe('+max@muster.at');
});
