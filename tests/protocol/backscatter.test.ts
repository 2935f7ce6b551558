import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { writtenHere } from '#lib/mime/judgement.ts';
import { customerId, type AccountId } from '#lib/db/ids.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import type { Running } from '#mail-server/services.ts';
import { enqueue, type NewQueueMessage } from '#mail-server/store/queue/queue-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { startScriptedHost, type ScriptedHost } from '#tests/support/scripted-host.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let dns: DnsServer;
let host: ScriptedHost;
let opened: TestServices;
let smtp: RunningSmtp;
let max: AccountId;
let worker: Running | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({});
  host = await startScriptedHost(
    (command) => {
      if (command.startsWith('RCPT TO:<gone')) return '550 5.1.1 No such user';
      return command.startsWith('RCPT TO:<later') ? '451 4.2.0 Not now' : undefined;
    },
    { extensions: ['PIPELINING', '8BITMIME'] },
  );
  opened = await openTestServices(database.url, { dnsServers: [dns.address], smtpPortOut: host.port, hostName: 'mail.muster.at' });
  smtp = await startMx(opened.services);
  max = await createAccount(database.url, 'max@muster.at');
  await createAccount(database.url, 'voll@muster.at', 10);
  dns.zone = {
    'elsewhere.example': { MX: [[10, 'mx.elsewhere.example']] },
    'victim.example': { MX: [[10, 'mx.elsewhere.example']], TXT: ['v=spf1 -all'] },
    'genuine.example': { MX: [[10, 'mx.elsewhere.example']], TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    'mx.elsewhere.example': { A: ['127.0.0.1'] },
  };
});
afterAll(async () => {
  await smtp.close(1000);
  await opened.close();
  await host.close();
  await dns.close();
  await database.drop();
});
afterEach(async () => {
  await worker?.close(2000);
  worker = null;
  host.taken.length = 0;
  await sql(database.url, 'delete from queue_message');
});

const recipient = (address: string, dsnNotify: string | null) => ({
  address,
  domain: address.slice(address.indexOf('@') + 1),
  dsnNotify,
  dsnOriginal: null,
});
const queue = (address: string, notify: string | null, more: Partial<NewQueueMessage>) =>
  enqueue(opened.services.database.write, {
    customerId: null,
    accountId: null,
    sender: 'somebody@victim.example',
    locale: 'de',
    content: Buffer.from('From: somebody@victim.example\r\nSubject: x\r\n\r\ny\r\n'),
    smtputf8: false,
    dsnReturn: 'FULL',
    dsnEnvelope: null,
    acceptKey: null,
    provenance: writtenHere,
    recipients: [recipient(address, notify)],
    ...more,
  });
/** What was sent or lies in the queue in nobody's name: reports. */
const reports = async () =>
  (await sql(database.url, "select 1 from queue_message where sender = ''")).length +
  host.taken.filter((each) => each.includes('multipart/report')).length;
async function attempt(): Promise<void> {
  worker = await startQueue(opened.services);
  await eventually(
    'an attempt',
    async () =>
      (
        await sql(
          database.url,
          "select 1 from queue_recipient r join queue_message m on m.id = r.message_id where m.sender <> '' and r.state = 'queued' and r.attempts = 0",
        )
      ).length === 0,
  );
  await worker.close(2000);
  worker = null;
}

// every way in which an attempt can end, with what a sender may wish to hear and with its age
const ends = [
  'gone@elsewhere.example',
  'later@elsewhere.example',
  'fine@elsewhere.example',
  'x@nowhere.invalid',
  'max@muster.at',
  'voll@muster.at',
  'unknown@muster.at',
];
const wishes = [null, 'SUCCESS,FAILURE,DELAY'];
const ages = ['0 hours', '5 hours', '6 days'];
const cases = ends.flatMap((to) => wishes.flatMap((notify) => ages.map((age) => ({ to, notify, age }))));

describe('a sender who did not prove that the address is his is sent nothing, whatever becomes of the letter', () => {
  test.each(cases)('$to, NOTIFY $notify, after $age', async ({ to, notify, age }) => {
    await queue(to, notify, { reports: false });
    await sql(database.url, 'update queue_message set created_at = created_at - $1::interval', [age]);
    await attempt();
    expect(await reports()).toBe(0);
  });
});

test('a sender who did is told', async () => {
  await queue('gone@elsewhere.example', null, { reports: true });
  await attempt();
  await eventually('a report', async () => (await reports()) > 0);
});

test('who submitted here is told', async () => {
  await queue('gone@elsewhere.example', null, { customerId: customerId(1), accountId: max, sender: 'max@muster.at' });
  await attempt();
  await eventually(
    'a report',
    async () =>
      (await sql(database.url, "select 1 from trace_event where step = 'stored' and sender = ''")).length > 0 || (await reports()) > 0,
  );
});

test.each([
  ['somebody@victim.example', false],
  ['somebody@elsewhere.example', false],
  ['somebody@genuine.example', true],
])('what port 25 puts into the queue may be reported only to whom SPF confirms: %s', async (sender, confirmed) => {
  // filled between RCPT and the end of the data, so that one of two recipients fails
  const client = await SmtpClient.open(smtp.port);
  await client.ask(`MAIL FROM:<${sender}> SIZE=100`);
  const small = await createAccount(database.url, `klein${sender.replace(/\W/g, '')}@muster.at`, 100_000);
  for (const to of ['max@muster.at', `klein${sender.replace(/\W/g, '')}@muster.at`])
    expect(await client.ask(`RCPT TO:<${to}>`)).toMatch(/^250 /);
  await sql(database.url, 'update account_counter set quota_bytes = 1 where account_id = $1', [small]);
  expect(await client.data(`From: ${sender}\r\nSubject: x\r\n\r\ny\r\n`)).toMatch(/^250 /);
  client.close();
  expect(await sql(database.url, 'select reports from queue_message')).toEqual([{ reports: confirmed }]);
  await attempt();
  if (confirmed) await eventually('a report', async () => (await reports()) > 0);
  else expect(await reports()).toBe(0);
});
