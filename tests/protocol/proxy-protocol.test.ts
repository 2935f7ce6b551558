import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startImap, type RunningImap } from '#mail-server/imap/imap-server.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { freePort } from '#lib/launcher/ports.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { startHaproxy } from '#tests/support/haproxy.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { LineClient } from '#tests/support/line-client.ts';
import { setPassword } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';

const isThere = (() => {
  try {
    execFileSync('haproxy', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

let database: TestDatabase;
let opened: TestServices;
let dns: DnsServer;
let mx: RunningSmtp;
let imap: RunningImap;
let behind: { smtp: number; imap: number; imaps: number };
let account: AccountId;
let address: string;
let serial = 0;
const password = 'drei Katzen im Regen';
const clients: LineClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({});
  behind = { smtp: await freePort(), imap: await freePort(), imaps: await freePort() };
  opened = await openTestServices(
    database.url,
    { dnsServers: [dns.address], connectionsPerAddress: 3 },
    {
      POSTAMT_PROXY_PORTS: `smtp=${behind.smtp},imap=${behind.imap},imaps=${behind.imaps}`,
      POSTAMT_PROXY_FROM: '127.0.0.1',
    },
  );
  mx = await startMx(opened.services);
  imap = await startImap(opened.services);
});
afterAll(async () => {
  await Promise.all([mx.close(1000), imap.close(1000)]);
  await opened.close();
  await dns.close();
  await database.drop();
});
beforeEach(async () => {
  address = `max${++serial}@muster.at`;
  account = await createAccount(database.url, address);
  await setPassword(database.url, account, password);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

const open = async (port: number, options: { from?: string; tls?: boolean } = {}): Promise<LineClient> => {
  const client = await LineClient.open(port, options);
  clients.push(client);
  return client;
};

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const header = (client: string, extra: Buffer = Buffer.alloc(0), command = 0x21): Buffer => {
  const addresses = Buffer.concat([Buffer.from(client.split('.').map(Number)), Buffer.from([127, 0, 0, 1, 0x30, 0x39, 0, 25])]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(addresses.length + extra.length);
  return Buffer.concat([signature, Buffer.from([command, 0x11]), length, addresses, extra]);
};
const received = async (): Promise<string> => (await storedMessages(opened.services.store, account))[0]?.toString('latin1') ?? '';

async function deliver(client: LineClient): Promise<void> {
  for (const line of [
    'EHLO client.test',
    'MAIL FROM:<a@example.org>',
    `RCPT TO:<${address}>`,
    'DATA',
    'From: a@example.org\r\nSubject: x\r\n\r\ny\r\n.',
    'QUIT',
  ])
    client.send(`${line}\r\n`);
  await client.bytesUntil('\r\n221 ');
}

describe('the header', () => {
  test('names the client, however it is cut and whatever follows it at once', async () => {
    const client = await open(behind.smtp);
    const bytes = Buffer.concat([header('203.0.113.9', Buffer.from([4, 0, 1, 0])), Buffer.from('EHLO client.test\r\n')]);
    for (const byte of bytes) client.send(Buffer.from([byte]));
    expect(await client.bytesUntil('250 ')).toBeTruthy();
    await deliver(client);
    expect(await received()).toContain('Received: from client.test ([203.0.113.9])\r\n');
  });

  test('of a health check speaks for the balancer itself', async () => {
    const client = await open(behind.smtp);
    client.send(Buffer.concat([signature, Buffer.from([0x20, 0, 0, 0])]));
    expect(await client.line()).toMatch(/^220 /);
    await deliver(client);
    expect(await received()).toContain('Received: from client.test ([127.0.0.1])\r\n');
  });

  test.each([
    ['of version 1', Buffer.from('PROXY TCP4 203.0.113.9 127.0.0.1 1 25\r\nEHLO x\r\n')],
    ['that is none', Buffer.from('EHLO client.test\r\n')],
    ['of a connection without addresses', Buffer.concat([signature, Buffer.from([0x21, 0, 0, 0])])],
    ['whose addresses are cut off', Buffer.concat([signature, Buffer.from([0x21, 0x21, 0, 12]), Buffer.alloc(12)])],
    ['whose entries go beyond its end', header('203.0.113.9', Buffer.from([4, 0, 9, 0]))],
    ['that is longer than any', Buffer.concat([signature, Buffer.from([0x21, 0x11, 0xff, 0xff])])],
  ])('%s is not taken: nothing is said and the connection ends', async (_, bytes) => {
    const client = await open(behind.smtp);
    client.send(bytes);
    expect(await client.line()).toBeNull();
  });

  test('from anybody but the balancer is not heard', async () => {
    const client = await open(behind.smtp, { from: '127.0.0.5' });
    client.send(header('203.0.113.9'));
    expect(await client.line()).toBeNull();
  });

  test('on a usual port is nothing but garbage', async () => {
    const client = await open(mx.port);
    client.send(header('203.0.113.9'));
    expect(await client.line()).toMatch(/^220 /);
    expect(await client.line()).toMatch(/^500 /);
  });
});

describe.skipIf(!isThere)("behind Debian's HAProxy", () => {
  let ports: number[];
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ ports, stop } = await startHaproxy(
      [
        { to: behind.smtp, says: 'send-proxy-v2' },
        { to: behind.imaps, says: 'send-proxy-v2' },
        { to: behind.imaps, says: 'send-proxy-v2-ssl', tls: true },
        { to: behind.imap, says: 'send-proxy-v2-ssl', tls: true },
        { to: behind.smtp, says: 'send-proxy' },
        { to: behind.smtp, says: 'send-proxy-v2-ssl', tls: true },
      ],
      opened.certificates,
    ));
  });
  afterAll(() => stop());

  test('Received sees the real client', async () => {
    const client = await open(ports[0] ?? 0, { from: '127.0.0.2' });
    expect(await client.line()).toMatch(/^220 /);
    await deliver(client);
    expect(await received()).toContain('Received: from client.test ([127.0.0.2])\r\n');
  });

  test('limits see the real client', async () => {
    const many = await Promise.all([1, 2, 3].map(() => open(ports[0] ?? 0, { from: '127.0.0.3' })));
    for (const client of many) expect(await client.line()).toMatch(/^220 /);
    expect(await (await open(ports[0] ?? 0, { from: '127.0.0.3' })).line()).toMatch(/^421 /);
    expect(await (await open(ports[0] ?? 0, { from: '127.0.0.4' })).line()).toMatch(/^220 /);
  });

  test('TLS goes through to us', async () => {
    const client = await open(ports[1] ?? 0, { from: '127.0.0.6', tls: true });
    expect(await client.line()).toMatch(/^\* OK \[CAPABILITY .*AUTH=PLAIN/);
    expect(await client.ask(`a LOGIN ${address} "${password}"`)).toMatch(/^a OK /);
  });

  test.each([
    [2, 'imaps'],
    [3, 'imap'],
  ])('TLS that the balancer has ended counts as TLS (%i, %s)', async (index) => {
    const client = await open(ports[index] ?? 0, { from: '127.0.0.7', tls: true });
    expect(await client.line()).toMatch(/^\* OK \[CAPABILITY .*AUTH=PLAIN/);
    expect(await client.ask(`a LOGIN ${address} "${password}"`)).toMatch(/^a OK /);
  });

  test('Received names the TLS that the balancer has ended', async () => {
    const client = await open(ports[5] ?? 0, { from: '127.0.0.8', tls: true });
    expect(await client.line()).toMatch(/^220 /);
    await deliver(client);
    expect(await received()).toMatch(
      /Received: from client\.test \(\[127\.0\.0\.8\]\)\r\n\tby localhost \(Postamt\) with ESMTPS id \w+\r\n\t\(TLSv1\.[23] \S+\)/,
    );
  });

  test('version 1 gets nobody in', async () => {
    expect(await (await open(ports[4] ?? 0)).line()).toBeNull();
  });
});

test('a port of implicit TLS behind a balancer still wants TLS', async () => {
  const client = await open(behind.imaps);
  client.send(Buffer.concat([header('203.0.113.10'), Buffer.from('a NOOP\r\n')]));
  expect(await client.line().catch(() => null)).toBeNull();
});
