import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { customerId } from '#lib/db/ids.ts';
import { DomainRests } from '#mail-server/queue/domain-rests.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import type { Running } from '#mail-server/services.ts';
import { enqueue } from '#mail-server/store/queue/queue-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { queuedLetter } from '#tests/support/queued-letter.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';

let database: TestDatabase;
let dns: DnsServer;
let opened: TestServices;
let host: NarrowHost;
let workers: Running[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({ 'example.org': { MX: [[10, 'mx.example.org']] }, 'mx.example.org': { A: ['127.0.0.61'] } });
  host = await startNarrowHost('127.0.0.61');
  opened = await openTestServices(database.url, { dnsServers: [dns.address], smtpPortOut: host.port, hostName: 'mail.muster.at' });
  await createAccount(database.url, 'max@muster.at');
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close(2000)));
  workers = [];
  host.reset();
  await sql(database.url, 'delete from queue_message');
  await sql(database.url, 'delete from trace_event');
});
afterAll(async () => {
  await opened.close();
  host.close();
  await dns.close();
  await database.drop();
});

/** How it refuses what is too much: in the greeting, to EHLO, to MAIL, or by closing without a word. */
type Refusal = { at: 'greeting' | 'EHLO' | 'MAIL'; words: string } | 'closes';

interface NarrowHost {
  port: number;
  refusal: Refusal;
  /** connections that it lets in at the same time */
  most: number;
  /** of the letters that it took */
  recipients: string[];
  refused: number;
  reset(): void;
  close(): void;
}

/** A host that lets in so many connections of ours at a time, and takes a moment for each letter. */
async function startNarrowHost(address: string): Promise<NarrowHost> {
  const live = new Set<Socket>();
  const all = new Set<Socket>();
  const usual = { refusal: { at: 'greeting', words: '421 4.3.2 Too many connections' } as Refusal, most: 1, refused: 0 };
  const server: Server = createServer((socket) => {
    all.add(socket);
    socket
      .on('error', () => undefined)
      .on('close', () => {
        live.delete(socket);
        all.delete(socket);
      });
    const isOneTooMany = live.size >= narrow.most;
    const refuse = (at: 'greeting' | 'EHLO' | 'MAIL'): boolean => {
      if (!isOneTooMany || (narrow.refusal !== 'closes' && narrow.refusal.at !== at)) return false;
      narrow.refused++;
      if (narrow.refusal === 'closes') socket.destroy();
      else socket.end(`${narrow.refusal.words}\r\n`);
      return true;
    };
    if (!isOneTooMany) live.add(socket);
    if (refuse('greeting')) return;
    socket.write('220 narrow ESMTP\r\n');
    let text = '';
    let inData = false;
    let recipient = '';
    const answer = (line: string): void => {
      if (inData) {
        if (line !== '.') return;
        inData = false;
        setTimeout(() => {
          narrow.recipients.push(recipient);
          socket.write('250 taken\r\n');
        }, 100);
        return;
      }
      if (line.startsWith('EHLO') && refuse('EHLO')) return;
      if (line.startsWith('MAIL') && refuse('MAIL')) return;
      recipient = /^RCPT TO:<(.*)>/.exec(line)?.[1] ?? recipient;
      inData = line === 'DATA';
      if (line === 'QUIT') {
        live.delete(socket);
        socket.end('221 bye\r\n');
      } else socket.write(inData ? '354 go on\r\n' : '250 ok\r\n');
    };
    socket.on('data', (chunk) => {
      const lines = `${text}${chunk.toString('latin1')}`.split('\r\n');
      text = lines.pop() ?? '';
      lines.forEach(answer);
    });
  }).listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  const narrow: NarrowHost = {
    ...usual,
    port: typeof bound === 'object' && bound ? bound.port : 0,
    recipients: [],
    reset: () => Object.assign(narrow, usual, { recipients: [] }),
    close: () => {
      for (const socket of all) socket.destroy();
      server.close();
    },
  };
  return narrow;
}

const send = (address: string) =>
  enqueue(opened.services.database.write, queuedLetter([address], { customerId: customerId(1), sender: 'max@muster.at' }));
const work = async (rests?: DomainRests) => {
  workers.push(await startQueue(opened.services, rests));
};
const isEmpty = async () => (await sql(database.url, 'select 1 from queue_message')).length === 0;
const waiting = () =>
  sql(
    database.url,
    `select address, attempts, last_reply, extract(epoch from next_attempt_at - now())::int as seconds, leased_until
     from queue_recipient where state = 'queued' order by id`,
  );
const deferrals = () => sql(database.url, "select 1 from trace_event where step = 'deferred'");

const refusals: [string, Refusal][] = [
  ['says 421 in the greeting', { at: 'greeting', words: '421 4.3.2 Too many connections' }],
  ['says another 4xx in the greeting', { at: 'greeting', words: '450 4.7.1 Come back later' }],
  ['says 421 to EHLO', { at: 'EHLO', words: '421 4.3.2 Too many connections' }],
  ['says 421 to MAIL', { at: 'MAIL', words: '421 4.7.0 Too many connections' }],
  ['closes without a word', 'closes'],
];

test.each(refusals)(
  'two workers and a host that lets in one connection and %s to others: all letters arrive, none twice',
  async (_, refusal) => {
    host.refusal = refusal;
    const addresses = Array.from({ length: 16 }, (__, index) => `a${index}@example.org`);
    await Promise.all(addresses.map(send));
    await Promise.all([work(), work()]);
    await eventually('an empty queue', isEmpty, 30_000);
    expect(host.recipients.toSorted()).toEqual(addresses.toSorted());
    expect(host.refused).toBeGreaterThan(0);
    expect(await deferrals()).toEqual([]);
  },
);

test('two workers and a stream of letters that lasts longer than the first tries: who is not let in puts off nothing', async () => {
  const addresses = Array.from({ length: 40 }, (__, index) => `b${index}@example.org`);
  await Promise.all(addresses.map(send));
  // the first tries are over after the third part of a second
  await Promise.all([work(new DomainRests([0.1, 0.1, 0.1, 0.3])), work(new DomainRests([0.1, 0.1, 0.1, 0.3]))]);
  await eventually('an empty queue', isEmpty, 30_000);
  expect(host.recipients.toSorted()).toEqual(addresses.toSorted());
  expect(host.refused).toBeGreaterThan(4);
  expect(await deferrals()).toEqual([]);
});

test('a host that was busy once is asked again soon, and what else is due for it is not put off', async () => {
  host.most = 0;
  await send('a@example.org');
  await send('b@example.org');
  // time enough to look at both before it is asked again
  await work(new DomainRests([3, 60, 120, 300]));
  await eventually('a refusal', async () => host.refused === 1);
  const rows = await eventually('both to be free', async () => {
    const all = await waiting();
    return all.every((row) => row['leased_until'] === null) ? all : null;
  });
  expect(rows).toMatchObject([
    { attempts: 0, last_reply: '421 4.3.2 Too many connections' },
    { attempts: 0, last_reply: null },
  ]);
  host.most = 1;
  await eventually('both letters', isEmpty);
  expect([host.refused, host.recipients.length]).toEqual([1, 2]);
});

test('a host that is busy all the time: three tries soon after each other, then everything waits as the usual schedule says', async () => {
  host.most = 0;
  for (let count = 0; count < 5; count++) await send(`a${count}@example.org`);
  await work(new DomainRests([0.1, 0.2, 0.3, 300]));
  const put = await eventually('all to be put off', async () => {
    const rows = await waiting();
    return rows.every((row) => row['attempts'] === 1) ? rows : null;
  });
  expect(host.refused).toBe(4);
  for (const row of put) {
    expect(row).toMatchObject({ last_reply: '421 4.3.2 Too many connections' });
    expect(Number(row['seconds'])).toBeGreaterThan(280);
    expect(Number(row['seconds'])).toBeLessThanOrEqual(360);
  }
  // when they come again, the host has had its first tries
  await sql(database.url, 'update queue_recipient set next_attempt_at = now()');
  const later = await eventually('a second attempt', async () => {
    const rows = await waiting();
    return rows.every((row) => row['attempts'] === 2) ? rows : null;
  });
  expect(host.refused).toBe(5);
  for (const row of later) expect(Number(row['seconds'])).toBeGreaterThan(570);
});

test('a host that two workers find busy all the time is given up by both', async () => {
  host.most = 0;
  for (let count = 0; count < 5; count++) await send(`a${count}@example.org`);
  await Promise.all([work(new DomainRests([0.1, 0.1, 0.1, 0.2])), work(new DomainRests([0.1, 0.1, 0.1, 0.2]))]);
  await eventually('all to be put off', async () => (await waiting()).every((row) => row['attempts'] === 1));
  // each sees the other at it sometimes, and waits once more then: some tries each, not one after the other
  expect(host.refused).toBeLessThan(60);
});
