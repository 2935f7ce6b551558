import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { customerId } from '#lib/db/ids.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import type { Running } from '#mail-server/services.ts';
import { claimBatch, dueDomains, newestSettledCustomer, type Without } from '#mail-server/store/queue/queue-claims.ts';
import { enqueue } from '#mail-server/store/queue/queue-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { queuedLetter } from '#tests/support/queued-letter.ts';
import { startScriptedHost, type ScriptedHost } from '#tests/support/scripted-host.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';

const greedy = customerId(1);
const other = customerId(2);
let database: TestDatabase;
let dns: DnsServer;
let opened: TestServices;
let healthy: ScriptedHost;
let tarpit: Server;
let worker: Running | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({});
  healthy = await startScriptedHost(() => undefined, { host: '127.0.0.51' });
  tarpit = createServer((socket) => socket.on('error', () => undefined)).listen(healthy.port, '127.0.0.52');
  await once(tarpit, 'listening');
  await createAccount(database.url, 'max@muster.at');
  await sql(database.url, "insert into customer (id, name) values (2, 'Nachbar GmbH')");
  await sql(database.url, "update customer set created_at = now() - interval '60 days'");
  await sql(database.url, "insert into customer (id, name) values (3, 'Eben gekommen')");
  const settings = { dnsServers: [dns.address], smtpPortOut: healthy.port, stsPort: healthy.port, hostName: 'mail.muster.at' };
  opened = await openTestServices(database.url, settings);
});
afterEach(async () => {
  await worker?.close(0);
  worker = null;
  await sql(database.url, 'delete from queue_message');
});
afterAll(async () => {
  await opened.close();
  tarpit.close();
  await healthy.close();
  await dns.close();
  await database.drop();
});

function domain(name: string, address: string): void {
  dns.zone[name] = { MX: [[10, `mx.${name}`]] };
  dns.zone[`mx.${name}`] = { A: [address] };
}
const send = (customer: typeof greedy, ...addresses: string[]) =>
  enqueue(
    opened.services.database.write,
    queuedLetter(addresses, {
      customerId: customer,
      sender: 'max@muster.at',
      content: Buffer.from(`Subject: of ${customer}\r\n\r\ny\r\n`),
      releaseAt: new Date(Date.now() + 3_600_000),
    }),
  );
/** Lets go what was put in, as if it had been tried so often. */
const release = (attempts: number) =>
  sql(
    database.url,
    "update queue_recipient set attempts = $1, next_attempt_at = now() where next_attempt_at > now() + interval '50 minutes'",
    [attempts],
  );
const leased = async () =>
  Number((await sql(database.url, 'select count(*)::int from queue_recipient where leased_until > now()'))[0]?.['count']);

test.each([
  ['new', 0, 700],
  ['tried before', 1, 400],
])(
  'one customer whose letters (%s) wait for hundreds of hosts that never greet holds up nobody else’s mail, and his own not for long',
  async (_, attempts, many) => {
    const slow = Array.from({ length: many }, (__, index) => `zaeh${index}.${attempts}.example`);
    for (const name of slow) domain(name, '127.0.0.52');
    domain('gut.example', '127.0.0.51');
    await send(greedy, ...slow.map((name) => `a@${name}`));
    await release(attempts);
    worker = await startQueue(opened.services);
    await eventually('more than his share to be waited for, or all of it', async () => (await leased()) >= many / 2);

    const taken = (subject: string) => healthy.taken.filter((content) => content.startsWith(`Subject: ${subject}`)).length;
    const [ofOther, ofGreedy] = [taken('of 2'), taken('of 1')];
    // to a host that he writes to as well, behind his letter
    await send(greedy, 'a@gut.example', 'max@muster.at');
    await send(other, 'b@gut.example');
    await release(attempts);
    await eventually('the letter of another customer', async () => taken('of 2') > ofOther);
    await eventually('his own', async () => taken('of 1') > ofGreedy);
    expect([taken('of 2') - ofOther, taken('of 1') - ofGreedy]).toEqual([1, 1]);
    // what goes to a mailbox here waits for no host
    await eventually('his letter to a colleague', async () => {
      const rows = await sql(database.url, `select 1 from queue_recipient where domain = 'muster.at' and state = 'queued'`);
      return rows.length === 0;
    });
  },
);

test('where newcomers have their share, all of theirs is left out but of him who has a place, and others do not stand behind it', async () => {
  const newcomer = customerId(3);
  const queue = opened.services.database;
  await send(newcomer, 'a@gut.example', 'a@zwei.example');
  await send(other, 'b@gut.example');
  await release(0);
  const nobody: Without = { customers: [], newerThan: Number.MAX_SAFE_INTEGER };
  const newcomers: Without = { customers: [], newerThan: await newestSettledCustomer(queue) };
  const due = async (all: Without, again = nobody) =>
    (await dueDomains(queue, { domains: [], all, again }, 10)).map(({ name }) => name).sort();
  expect(await due(nobody)).toEqual(['gut.example', 'zwei.example']);
  expect(await due(newcomers)).toEqual(['gut.example']);
  expect(await due(nobody, newcomers)).toEqual(['gut.example', 'zwei.example']);
  const claim = async (without: Without) =>
    (await claimBatch(queue, { worker: 'w', domain: 'gut.example', limit: 5, held: [], without })).map((one) => one.customerId);
  expect(await claim(newcomers)).toEqual([other]);
  expect(await claim(newcomers)).toEqual([]);
  expect(await claim({ ...newcomers, but: newcomer })).toEqual([newcomer]);
});

test('who was there first is no newcomer, also where everything is new', async () => {
  const newest = async (...minutes: number[]) => {
    for (const [at, ago] of minutes.entries())
      await sql(database.url, 'update customer set created_at = now() - make_interval(mins => $1) where id = $2', [ago, at + 1]);
    return newestSettledCustomer(opened.services.database);
  };
  try {
    expect(await newest(10, 4, 3)).toBe(1);
    expect(await newest(10, 8, 1)).toBe(2);
    expect(await newest(90 * 1440, 40 * 1440, 29 * 1440)).toBe(2);
  } finally {
    await newest(60 * 1440, 60 * 1440, 0);
  }
});
