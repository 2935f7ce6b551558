import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import type { SpamSettings } from '#mail-server/settings.ts';
import { askRspamd, teachRspamd } from '#mail-server/spam/checks/ask-rspamd.ts';
import { reversed } from '#mail-server/spam/checks/judge-origin.ts';
import { senderNetwork } from '#mail-server/spam/checks/sender-network.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { INBOX_ID } from '#mail-server/store/mail-store.ts';
import { isInstalled } from '#tests/clients/program.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { type Checker, eicar, gtube, startClamd, startRspamd, startSilentHost } from '#tests/support/checkers.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let opened: TestServices;
let dns: DnsServer;
let mx: RunningSmtp;
let account: AccountId;
let address: string;
let serial = 0;
const clients: SmtpClient[] = [];
const none: SpamSettings = { rspamd: null, clamav: null, deadlineMs: 60_000, dnsLists: [], greylistS: 0, strangersPerHour: 1_000_000 };
const use = (settings: Partial<SpamSettings>): void => {
  opened.services.settings.spam = { ...none, ...settings };
};

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({
    'known.example': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    '1.0.0.127.bl.example': { A: ['127.0.0.2'] },
    '1.0.0.127.full.example': { A: ['127.255.255.254'] },
  });
  opened = await openTestServices(database.url, { dnsServers: [dns.address] });
  mx = await startMx(opened.services);
});
afterAll(async () => {
  await mx.close(1000);
  await opened.close();
  await dns.close();
  await database.drop();
});
beforeEach(async () => {
  use({});
  address = `eva${++serial}@muster.at`;
  account = await createAccount(database.url, address);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

const letter = (text: string, from = 'max@extern.example'): string =>
  `From: Max <${from}>\r\nTo: ${address}\r\nSubject: Plan\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <${++serial}@x.example>\r\n\r\n${text}\r\n`;

async function send(content: string, sender = 'max@extern.example'): Promise<string> {
  const client = await SmtpClient.open(mx.port);
  clients.push(client);
  await client.ask(`MAIL FROM:<${sender}>`);
  await client.ask(`RCPT TO:<${address}>`);
  await client.ask('DATA');
  return (await client.ask(`${content}.`)) ?? '';
}
const inbox = async (): Promise<number> => (await opened.services.store.status(account, INBOX_ID)).messages;
const reasons = async (): Promise<string> =>
  JSON.stringify(await sql(database.url, `select judgement->'spam' from message where account_id = ${account}`));
const counted = async (checker: string, result: string): Promise<number> =>
  (await opened.services.metrics.checks.get()).values.find(({ labels }) => labels.checker === checker && labels.result === result)?.value ??
  0;

describe.skipIf(!isInstalled('clamd'))('ClamAV', () => {
  let clamd: Checker;
  beforeAll(async () => {
    clamd = await startClamd();
  }, 300_000);
  afterAll(() => clamd.close());

  test('a virus is refused while its sender listens, and other letters come in', async () => {
    use({ clamav: clamd.where });
    expect(await send(letter(eicar))).toMatch(/^550 5\.7\.1 Schadsoftware gefunden \(Eicar-Test-Signature/);
    expect(await send(letter('Der Plan ist fertig.'))).toMatch(/^250 /);
    expect(await inbox()).toBe(1);
  });
});

describe.skipIf(!isInstalled('rspamd'))('rspamd', () => {
  let rspamd: Checker;
  beforeAll(async () => {
    rspamd = await startRspamd();
  }, 300_000);
  afterAll(() => rspamd.close());

  test('what it is sure of goes to Junk, and the letter says who said so', async () => {
    use({ rspamd: rspamd.where });
    expect(await send(letter(gtube))).toMatch(/^250 /);
    expect(await inbox()).toBe(0);
    expect(await reasons()).toContain('"code":"rspamd"');
    expect(await send(letter('Der Plan ist fertig.'))).toMatch(/^250 /);
    expect(await inbox()).toBe(1);
  });

  test('it takes lessons, with its password alone', async () => {
    const raw = Buffer.from(letter('Ein Brief mit einigen Worten, aus denen man etwas lernen kann, wenn man will.'));
    const signal = AbortSignal.timeout(60_000);
    await teachRspamd(rspamd.where, raw, true, signal);
    await teachRspamd(rspamd.where, raw, false, signal);
    const envelope = { sender: '', recipients: [address], remoteAddress: '192.0.2.1', greetedAs: 'a.example' };
    expect(await askRspamd(rspamd.where, Buffer.from(letter(gtube)), envelope, signal)).toMatchObject({ points: 10 });
  });
});

describe('a checker that is away', () => {
  test('does not stop mail, and the operator can see it', async () => {
    use({ clamav: '127.0.0.1:1', rspamd: 'http://127.0.0.1:1', deadlineMs: 1000 });
    expect(await send(letter('Der Plan ist fertig.'))).toMatch(/^250 /);
    expect(await inbox()).toBe(1);
    expect(await counted('clamav', 'away')).toBe(1);
    expect(await counted('rspamd', 'away')).toBe(1);
  });

  test('and one that never answers is given up in time, and not waited for by the next letter', async () => {
    const silent = await startSilentHost();
    use({ clamav: silent.where, deadlineMs: 200 });
    expect(await send(letter('Der Plan ist fertig.'))).toMatch(/^250 /);
    expect(await inbox()).toBe(1);
    await send(letter('Noch ein Plan.'));
    expect(await counted('clamav', 'skipped')).toBe(1);
    await silent.close();
  });

  test('for one letter, which is too large for it, looks at the next one', async () => {
    const clamd = createServer((socket) => {
      let text = '';
      socket
        .on('error', () => undefined)
        .on('data', (bytes) => {
          text += bytes.toString('latin1');
          if (text.length > 200_000) socket.end('INSTREAM size limit exceeded. ERROR\0');
          else if (text.endsWith('\0\0\0\0')) socket.end(`stream: ${text.includes('virus') ? 'Test FOUND' : 'OK'}\0`);
        });
    }).listen(0, '127.0.0.1');
    await once(clamd, 'listening');
    const at = clamd.address();
    use({ clamav: `127.0.0.1:${typeof at === 'object' && at ? at.port : 0}` });
    expect(await send(letter('Ein langer Plan.\r\n'.repeat(20_000)))).toMatch(/^250 /);
    expect(await send(letter('virus'))).toMatch(/^550 5\.7\.1 Schadsoftware gefunden/);
    clamd.close();
  });
});

test('what speaks without end instead of rspamd is hung up on, not gathered until its time is over', async () => {
  let said = 0;
  const closed = Promise.withResolvers<void>();
  const endless = createHttpServer((_, response) => {
    response.writeHead(200).once('close', () => closed.resolve());
    const more = (): void => {
      while (!response.closed && response.write(' '.repeat(65_536))) said += 65_536;
    };
    response.on('drain', more);
    more();
  }).listen(0, '127.0.0.1');
  await once(endless, 'listening');
  const at = endless.address();
  use({ rspamd: `http://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}` });
  expect(await send(letter('Der Plan ist fertig.'))).toMatch(/^250 /);
  await closed.promise;
  expect(said).toBeLessThan(32 * 1024 * 1024);
  expect(await inbox()).toBe(1);
  endless.close();
});

describe('lists of hosts', () => {
  test('speak against a letter of a listed host', async () => {
    use({ dnsLists: ['bl.example'] });
    await send(letter('Der Plan ist fertig.'));
    expect(await reasons()).toContain('"code":"host-listed"');
  });

  test('say nothing when they do not answer us, or of hosts that delivered before', async () => {
    use({ dnsLists: ['full.example', 'gone.example'] });
    await send(letter('Der Plan ist fertig.'));
    await sql(database.url, `insert into known_host (network) values ('127.0.0.0/24') on conflict do nothing`);
    use({ dnsLists: ['bl.example'] });
    await send(letter('Der Plan ist fertig.'));
    expect(await reasons()).not.toContain('host-listed');
    await sql(database.url, 'delete from known_host');
  });

  test.each([
    ['192.0.2.7', '7.2.0.192', '192.0.2.0/24'],
    ['2001:db8::1', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2', '20010db800000000/64'],
  ])('%s is asked for as %s', (host, name, network) => {
    expect(reversed(host)).toBe(name);
    expect(senderNetwork(host)).toBe(network);
  });
});

describe('the greylist', () => {
  beforeEach(() => sql(database.url, 'delete from known_host'));

  test('asks a stranger to come again, and lets him in when he does after a while', async () => {
    use({ greylistS: 60 });
    const first = letter('Der Plan ist fertig.');
    expect(await send(first, 'fremd@extern.example')).toMatch(/^451 4\.7\.1 /);
    expect(await send(first, 'fremd@extern.example')).toMatch(/^451 4\.7\.1 /);
    await sql(database.url, `update greylist set first_at = now() - interval '2 minutes'`);
    expect(await send(first, 'fremd@extern.example')).toMatch(/^250 /);
    // from now on the host is known
    await expect.poll(() => sql(database.url, 'select network from known_host')).toEqual([{ network: '127.0.0.0/24' }]);
    expect(await send(letter('Und noch einer.'), 'anderer@extern.example')).toMatch(/^250 /);
  });

  test('never meets somebody whom the recipient wrote to and SPF vouches for', async () => {
    use({ greylistS: 60 });
    await sql(database.url, `insert into correspondent (mailbox_id, address) values (${account}, 'max@known.example')`);
    expect(await send(letter('Hallo', 'max@known.example'), 'max@known.example')).toMatch(/^250 /);
    await expect.poll(() => sql(database.url, 'select network from known_host')).toHaveLength(1);
    await sql(database.url, 'delete from known_host');
    expect(await send(letter('Hallo', 'max@known.example'), 'max@extern.example')).toMatch(/^451 /);
  });

  test('is not there unless it is asked for', async () => {
    await sql(database.url, 'delete from greylist');
    expect(await send(letter('Der Plan ist fertig.'), 'neu@extern.example')).toMatch(/^250 /);
    expect(await sql(database.url, 'select 1 from greylist')).toEqual([]);
  });
});
