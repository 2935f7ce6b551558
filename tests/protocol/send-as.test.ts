import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { mintCustomerScope } from '#lib/auth/customer-scope.ts';
import { customerId, type AccountId } from '#lib/db/ids.ts';
import { openDatabase as openPrisma, type Database as Prisma } from '#lib/db/prisma.ts';
import { setForward } from '#lib/provisioning/addresses/set-forward.ts';
import { setSendAs } from '#lib/provisioning/addresses/set-send-as.ts';
import { startSubmission, type RunningSubmission } from '#mail-server/smtp/submission-server.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let opened: TestServices;
let submission: RunningSubmission;
let prisma: Prisma;
let max: AccountId;
const password = 'vier Mäuse im Schnee';
const scope = mintCustomerScope({ customerId: customerId(1), role: 'owner', actor: 'user:1', remote: null });

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url, { hostName: 'mail.muster.at' });
  submission = await startSubmission({ ...opened.services, secret: testSecret });
  prisma = openPrisma(database.url, 2);
  max = await createAccount(database.url, 'max@muster.at');
  await createAccount(database.url, 'erika@muster.at');
  await setPassword(database.url, max, password);
  await setForward(prisma, scope, { localPart: 'office', domain: 'muster.at', targets: ['erika@muster.at'] });
});
afterAll(async () => {
  await submission.close(1000);
  await prisma.$disconnect();
  await opened.close();
  await database.drop();
});
beforeEach(() => sql(database.url, 'delete from queue_message'));

async function submit(head: string, sender = 'max@muster.at'): Promise<{ answer: string | null; header: string }> {
  const client = await SmtpClient.open(submission.ports.submissions, { tls: true });
  try {
    expect(await client.signIn('max@muster.at', password)).toMatch(/^235 /);
    const answer = await client.send(sender, ['erika@muster.at'], `${head}\r\nSubject: x\r\n\r\ny\r\n`);
    const [row] = await sql(database.url, `select encode(content, 'escape') as content from queue_message`);
    return { answer, header: String(row?.['content'] ?? '') };
  } finally {
    client.close();
  }
}
const senders = (header: string) => [...header.matchAll(/^Sender: (.*)\r?$/gm)].map(([, value]) => value);
const grant = (way: 'as' | 'on-behalf' | 'not') => setSendAs(prisma, scope, max, 'office@muster.at', way);

test('an address that leads elsewhere is nobody’s to write as, until the customer says so', async () => {
  await grant('not');
  expect((await submit('From: <office@muster.at>')).answer).toMatch(/^553 5\.7\.1 /);
  await grant('as');
  const { answer, header } = await submit('From: <office@muster.at>', 'office@muster.at');
  expect(answer).toMatch(/^250 /);
  expect(senders(header)).toEqual([]);
});

test('who writes on behalf is named in Sender, whatever the program wrote there', async () => {
  await grant('on-behalf');
  for (const [head, envelope] of [
    ['From: Büro <office@muster.at>', 'max@muster.at'],
    ['From: <office@muster.at>', 'office@muster.at'],
    ['From: <office+shop@muster.at>\r\nSender: <office@muster.at>', 'max@muster.at'],
    ['To: erika@muster.at', 'office@muster.at'],
  ] as const) {
    await sql(database.url, 'delete from queue_message');
    const { answer, header } = await submit(head, envelope);
    expect(answer, head).toMatch(/^250 /);
    expect(senders(header), head).toEqual([expect.stringMatching(/<max@muster\.at>$/)]);
  }
  await sql(database.url, 'delete from queue_message');
  const { header } = await submit('From: <office@muster.at>\r\nSender: Max <max@muster.at>');
  expect(senders(header)).toEqual(['Max <max@muster.at>']);
});

test('one’s own address needs no Sender', async () => {
  await grant('on-behalf');
  expect(senders((await submit('From: <max@muster.at>')).header)).toEqual([]);
});
