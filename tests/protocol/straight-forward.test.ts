import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintCustomerScope } from '#lib/auth/customer-scope.ts';
import { customerId } from '#lib/db/ids.ts';
import { openDatabase as openPrisma, type Database as Prisma } from '#lib/db/prisma.ts';
import { setForward } from '#lib/provisioning/addresses/set-forward.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

// No queue runs: what lies in it is what the door put there before its 250.

let database: TestDatabase;
let dns: DnsServer;
let opened: TestServices;
let mx: RunningSmtp;
let prisma: Prisma;
const scope = mintCustomerScope({ customerId: customerId(1), role: 'owner', actor: 'user:1', remote: null });

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({ 'example.org': { MX: [[10, 'mx.example.org']], TXT: ['v=spf1 ip4:127.0.0.1 -all'] } });
  opened = await openTestServices(database.url, { dnsServers: [dns.address], hostName: 'mail.muster.at' });
  await createAccount(database.url, 'max@muster.at');
  prisma = openPrisma(database.url, 2);
  mx = await startMx(opened.services);
});
afterAll(async () => {
  await mx.close(1000);
  await prisma.$disconnect();
  await opened.close();
  await dns.close();
  await database.drop();
});

async function forwarded(localPart: string, targets: string[], parameters = '') {
  expect(await setForward(prisma, scope, { localPart, domain: 'muster.at', targets })).toMatchObject({ ok: true });
  await sql(database.url, 'delete from queue_message');
  const client = await SmtpClient.open(mx.port, { greeting: 'EHLO example.org' });
  await client.ask('MAIL FROM:<hanna@example.org>');
  await client.ask(`RCPT TO:<${localPart}@muster.at>${parameters}`);
  const content = `From: Hanna <hanna@example.org>\r\nTo: x@muster.at\r\nSubject: ${localPart}\r\nMessage-ID: <${localPart}@example.org>\r\n\r\nText\r\n`;
  expect(await client.data(content)).toMatch(/^250 /);
  client.close();
  const rows = await sql(
    database.url,
    `select m.sender, encode(m.content, 'escape') as content, m.passed_on_by, r.address from queue_message m join queue_recipient r on r.message_id = m.id
      order by r.address`,
  );
  return rows.map(({ sender, content: queued, passed_on_by, address }) => ({
    sender: String(sender),
    begins: String(queued).slice(0, 13),
    passedOn: passed_on_by !== null,
    address: String(address),
  }));
}

test('what an address passes on to others elsewhere lies in the queue as it goes out, in one message', async () => {
  const goesOut = { sender: expect.stringMatching(/^SRS0=.*@muster\.at$/), begins: 'Delivered-To:', passedOn: true };
  expect(await forwarded('office', ['boss@example.org'])).toEqual([{ ...goesOut, address: 'boss@example.org' }]);
  expect(await forwarded('sales', ['a@example.org', 'b@example.net'])).toEqual([
    { ...goesOut, address: 'a@example.org' },
    { ...goesOut, address: 'b@example.net' },
  ]);
});

test('what also leads to a mailbox, and what its sender wants to hear of, is followed by the queue', async () => {
  const asItCame = (address: string) => [{ sender: 'hanna@example.org', begins: 'Return-Path: ', passedOn: false, address }];
  expect(await forwarded('both', ['max@muster.at', 'boss@example.org'])).toEqual(asItCame('both@muster.at'));
  expect(await forwarded('told', ['boss@example.org'], ' NOTIFY=SUCCESS')).toEqual(asItCame('told@muster.at'));
});
