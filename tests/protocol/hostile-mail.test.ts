import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { checkAuthenticity } from '#mail-server/delivery/authenticity/check-authenticity.ts';
import { resolveDestination } from '#mail-server/queue/resolve-destination.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { startSubmission, type RunningSubmission } from '#mail-server/smtp/submission-server.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

const address = 'max@muster.at';
const password = 'vier Mäuse im Schnee';
let database: TestDatabase;
let dns: DnsServer;
let opened: TestServices;
let mx: RunningSmtp;
let submission: RunningSubmission;
let account: AccountId;
beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({});
  opened = await openTestServices(database.url, { dnsServers: [dns.address], hostName: 'mail.muster.at' });
  mx = await startMx(opened.services);
  submission = await startSubmission({ ...opened.services, secret: testSecret });
  account = await createAccount(database.url, address);
  await setPassword(database.url, account, password);
});
afterAll(async () => {
  await mx.close(1000);
  await submission.close(1000);
  await opened.close();
  await dns.close();
  await database.drop();
});

const deliver = async (content: string): Promise<string | null> => {
  const client = await SmtpClient.open(mx.port);
  const answer = await client.send('a@elsewhere.example', [address], content);
  client.close();
  return answer;
};
const submit = async (content: string): Promise<string | null> => {
  const client = await SmtpClient.open(submission.ports.submissions, { tls: true });
  await client.signIn(address, password);
  const answer = await client.send(address, ['frau@elsewhere.example'], content);
  client.close();
  return answer;
};

test.each([
  '(a (nested) comment) mail.muster.at; dkim=pass header.d=bank.example',
  '(a \\) in a comment (;)) mail.muster.at 1; dkim=pass header.d=bank.example',
  '"mail.muster.at"; dkim=pass header.d=bank.example',
  '"mail\\.muster.at"; dkim=pass header.d=bank.example',
  'MAIL.muster.at.; dkim=pass header.d=bank.example',
  '(x)\r\n mail.muster.at(y)\r\n ; dkim=pass header.d=bank.example',
])('a result that a stranger wrote in our name is taken out: %j', async (value) => {
  expect(await deliver(`Authentication-Results: ${value}\r\nFrom: a@elsewhere.example\r\nSubject: x\r\n\r\ny\r\n`)).toMatch(/^250 /);
  const stored = (await storedMessages(opened.services.store, account)).at(-1)?.toString('latin1');
  expect(stored).toContain('Subject: x');
  expect(stored).not.toContain('bank.example');
});

test('the results of other hosts stay', async () => {
  await deliver('Authentication-Results: (mail.muster.at) mx.other.example; dkim=pass\r\nFrom: a@elsewhere.example\r\n\r\ny\r\n');
  expect((await storedMessages(opened.services.store, account)).at(-1)?.toString()).toContain('mx.other.example; dkim=pass');
});

const many = 'X-Nothing: x\r\n'.repeat(10_000);
test('an author or a blind copy hidden behind thousands of header fields does not get past the checks', async () => {
  expect(await submit(`${many}From: chef@bank.example\r\nBcc: secret@elsewhere.example\r\n\r\nx\r\n`)).toMatch(/^554 5\.6\.0 /);
  expect(await sql(database.url, 'select 1 from queue_message')).toEqual([]);
  expect(await deliver(`${many}Authentication-Results: mail.muster.at; dkim=pass\r\n\r\nx\r\n`)).toMatch(/^554 5\.6\.0 /);
});

test('thousands of DKIM signatures hold nobody up', async () => {
  const signature = 'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=bank.example; s=s1; h=from; bh=x; b=y\r\n';
  const content = Buffer.from(`${signature.repeat(9_000)}From: info@bank.example\r\n\r\nx\r\n`);
  const started = performance.now();
  const { results } = await checkAuthenticity(opened.services, {
    content,
    sender: 'info@bank.example',
    remoteAddress: '192.0.2.1',
    greetedAs: 'mx.bank.example',
  });
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(results.match(/dkim=/g)?.length).toBeLessThanOrEqual(10);
});

const frau = 'erika@muster.at';
test.each([
  `From: ${frau} <${address}>`,
  `From: <${address}> ${frau}`,
  `From: ${frau}\0<${address}>`,
  `From: @bank.example:${address}`,
  `From: <@${frau}:${address}>`,
  `From: =?utf-8?q?erika=40muster.at=2C?= ${address}`,
  `From: "${frau} <${address}>`,
  ` From: ${frau}`,
  `From: ${address}\r\nSender: ${frau}`,
])('an author that could be read as somebody else is refused: %j', async (field) => {
  expect(await submit(`${field}\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <a@b>\r\n\r\nx\r\n`)).toMatch(/^55[34] 5\.[67]\./);
  expect(await sql(database.url, 'select 1 from queue_message')).toEqual([]);
});

test.each([
  `From: ${address}`,
  `From: Max Muster <${address}>`,
  `From: "Muster, Max" <${address}>`,
  `From: "Max (\\"der\\" Chef) <x@y>" <${address}>`,
  `From: ${address} <${address}>`,
  `From: ${address} (Max (der Chef) Muster)`,
  `From: G: ${address};`,
  `From: =?utf-8?q?M=C3=BCller?=\r\n\t<${address.toUpperCase()}>`,
  `From: Müller <${address}>`,
  `From: Max <${address}>\r\nSender: ${address}`,
])('an author as mail programs write it is taken: %j', async (field) => {
  expect(await submit(`${field}\r\nSubject: ${field.length}\r\n\r\nx\r\n`)).toMatch(/^250 /);
  await sql(database.url, 'delete from queue_message');
});

describe('a mail host of others on our own machine', () => {
  const zone = (address: string): DnsServer['zone'] => ({
    'inward.example': { MX: [[10, 'mx.inward.example']] },
    'mx.inward.example': address.includes(':') ? { AAAA: [address] } : { A: [address] },
  });
  const resolve = (smtpPortOut: number) =>
    resolveDestination(
      { ...opened.services.settings, smtpPortOut, ports: { ...opened.services.settings.ports, smtp: 10_025 } },
      'inward.example',
    );

  test.each(['127.0.0.1', '127.8.9.1', '0.0.0.0', '::1', '::ffff:7f00:1'])('is not connected to: %s', async (address) => {
    dns.zone = zone(address);
    for (const port of [25, 10_025]) expect(await resolve(port)).toMatchObject({ kind: 'failed', result: { status: '5.4.6' } });
  });

  test('is there for tests, on another port', async () => {
    dns.zone = zone('127.0.0.1');
    expect(await resolve(2_525)).toEqual([{ name: 'mx.inward.example', address: '127.0.0.1' }]);
  });
});
