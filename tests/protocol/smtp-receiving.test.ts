import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { unknownProvenance } from '#lib/mime/judgement.ts';
import { deliverToMailboxes } from '#mail-server/delivery/deliver-to-mailboxes.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';

let database: TestDatabase;
let opened: TestServices;
let dns: DnsServer;
let mx: RunningSmtp;
let account: AccountId;
let address: string;
let serial = 0;
const clients: SmtpClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({});
  opened = await openTestServices(database.url, { dnsServers: [dns.address], messageBytes: 300_000, lineBytes: 20_000, recipients: 5 });
  mx = await startMx(opened.services);
});
afterAll(async () => {
  await mx.close(1000);
  await opened.close();
  await dns.close();
  await database.drop();
});
beforeEach(async () => {
  address = `max${++serial}@muster.at`;
  account = await createAccount(database.url, address);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

const connect = async (options: { greeting?: string } = {}) => {
  const client = await SmtpClient.open(mx.port, options);
  clients.push(client);
  return client;
};
const inbox = () => storedMessages(opened.services.store, account);
const only = async (): Promise<string> => {
  const messages = await inbox();
  expect(messages).toHaveLength(1);
  return messages[0]?.toString('latin1') ?? '';
};
const begin = async (client: SmtpClient) => {
  expect(await client.ask('MAIL FROM:<a@example.org>')).toBe('250 2.1.0 OK');
  expect(await client.ask(`RCPT TO:<${address}>`)).toBe('250 2.1.5 OK');
  expect(await client.ask('DATA')).toMatch(/^354 /);
};

describe('the greeting', () => {
  test('EHLO offers what is spoken, and no AUTH', async () => {
    const client = await connect({ greeting: '' });
    expect(await client.ask('EHLO client.test')).toBe(
      '250-localhost\n250-PIPELINING\n250-SIZE 300000\n250-8BITMIME\n250-BINARYMIME\n250-CHUNKING\n250-SMTPUTF8\n250-ENHANCEDSTATUSCODES\n250-LIMITS RCPTMAX=5\n250-DSN\n250 STARTTLS',
    );
    expect(await client.ask('AUTH PLAIN AGEAYg==')).toMatch(/^500 5\.5\.1 /);
  });

  test('MAIL before EHLO is a bad sequence', async () => {
    const client = await connect({ greeting: '' });
    expect(await client.ask('MAIL FROM:<a@example.org>')).toMatch(/^503 5\.5\.1 /);
  });

  test.each([
    ['BOGUS', /^500 5\.5\.1 /],
    ['MAIL TO:<a@example.org>', /^501 5\.5\.4 /],
    ['MAIL FROM:<a@example.org> FOO=1', /^555 5\.5\.4 /],
    ['MAIL FROM:<a@example.org> SIZE=x', /^501 5\.5\.4 /],
    ['MAIL FROM:<a@example.org> SIZE=300001', /^552 5\.3\.4 /],
    ['MAIL FROM:<ä@example.org>', /^553 5\.6\.7 /],
    ['MAIL FROM:<a b@example.org>', /^553 5\.1\.7 /],
    ['RCPT TO:<a@muster.at>', /^503 5\.5\.1 /],
    ['DATA', /^503 5\.5\.1 /],
    ['VRFY max', /^252 2\./],
    ['EXPN staff', /^502 5\.5\.1 /],
    ['ETRN muster.at', /^502 5\.5\.1 /],
    ['HELP', /^214 2\.0\.0 /],
    ['NOOP', /^250 2\.0\.0 /],
    ['EHLO', /^501 /],
    ['RSET now', /^501 5\.5\.4 /],
    ['QUIT now', /^501 5\.5\.4 /],
    [`MAIL FROM:<${'a'.repeat(3000)}@example.org>`, /^500 5\.5\.2 /],
    ['MAIL FROM:<a@example.org>\0', /^500 5\.5\.2 /],
    ['QUIT', /^221 2\.0\.0 /],
  ])('%s is answered with %s', async (command, expected) => {
    const client = await connect();
    expect(await client.ask(command)).toMatch(expected);
  });

  test('a command line that ends with LF alone is told so', async () => {
    const client = await connect();
    client.lines.send('NOOP\n');
    expect(await client.reply()).toMatch(/^500 5\.5\.2 /);
  });

  test('twenty mistakes end the connection', async () => {
    const client = await connect();
    let answer = await client.ask('BOGUS');
    for (let mistake = 2; mistake <= 20; mistake++) answer = await client.ask('BOGUS');
    expect(answer).toMatch(/^421 4\.7\.0 /);
    await client.lines.closed();
  });

  test('a client that never ends its line is cut off', async () => {
    const client = await connect();
    client.lines.send(Buffer.alloc(400_000, 'A'));
    expect(await client.reply()).toMatch(/^500 5\.5\.2 /);
    await client.lines.closed();
  });
});

describe('senders elsewhere', () => {
  test.each([
    `${'b'.repeat(200)}@lists.example.org`,
    'www-data@web_srv01.example.org',
    'root@host',
    'x@-a.example.org',
    'a..b@docomo.example',
    '"odd one"@example.org',
    '@relay.example:a@example.org',
    'x@[192.0.2.1]',
  ])('may be called <%s>', async (sender) => {
    const client = await connect();
    expect(await client.send(sender, [address], 'From: a@example.org\r\nSubject: x\r\n\r\ny\r\n')).toMatch(/^250 /);
    expect(await only()).toContain(`Return-Path: <${sender.replace('@relay.example:', '')}>\r\n`);
  });

  test('may have spaces around the path', async () => {
    const client = await connect();
    expect(await client.ask('MAIL FROM:< a@example.org >')).toBe('250 2.1.0 OK');
    expect(await client.ask(`RCPT TO:<  ${address} >`)).toBe('250 2.1.5 OK');
  });

  test.each(['x@[999.1.2.3]', 'a b@example.org', 'a@', `${'b'.repeat(260)}@example.org`])('are never <%s>', async (sender) => {
    const client = await connect();
    expect(await client.ask(`MAIL FROM:<${sender}>`)).toMatch(/^553 5\.1\.7 /);
  });

  test('may greet with any name, also in the alphabet of their computer, and Received stays ASCII', async () => {
    for (const name of ['BÜRO-PC', 'Max’s Mac', 'a;b (c)', 'x_y', '[IPv6:2001:db8::1]']) {
      const client = await connect({ greeting: `EHLO ${name}` });
      expect(await client.send('a@example.org', [address], `From: a@example.org\r\nSubject: ${name.length}\r\n\r\ny\r\n`)).toMatch(/^250 /);
    }
    const client = await connect({ greeting: '' });
    client.lines.send(Buffer.from('EHLO B\xdcRO-PC\r\n', 'latin1'));
    expect(await client.reply()).toMatch(/^250/);
    expect(await client.send('a@example.org', [address], 'From: a@example.org\r\nSubject: x\r\n\r\ny\r\n')).toMatch(/^250 /);
    for (const message of await inbox()) expect(message.toString('latin1')).toMatch(/^[\t\r\n -~]*$/);
    expect(await inbox()).toHaveLength(6);
  });

  test('do not greet with an address that is none', async () => {
    expect(await (await connect({ greeting: '' })).ask('EHLO [999.1.2.3]')).toMatch(/^501 /);
  });
});

describe('recipients', () => {
  test('an unknown user is refused with 5.1.1, a foreign domain with 5.7.1, a full mailbox with 5.2.2', async () => {
    const full = `voll${serial}@muster.at`;
    const fullAccount = await createAccount(database.url, full);
    await sql(database.url, 'update account_counter set used_bytes = quota_bytes where account_id = $1', [fullAccount]);
    const client = await connect();
    await client.ask('MAIL FROM:<a@example.org>');
    expect(await client.ask('RCPT TO:<niemand@muster.at>')).toBe('550 5.1.1 Adresse unbekannt - address unknown');
    expect(await client.ask('RCPT TO:<max@example.org>')).toMatch(/^550 5\.7\.1 .*relaying denied/);
    expect(await client.ask(`RCPT TO:<${full}>`)).toBe('552 5.2.2 Postfach voll - mailbox full');
    expect(await client.ask('DATA')).toMatch(/^554 5\.5\.1 /);
  });

  test.each([
    '"victim@elsewhere.example"@muster.at',
    'victim%elsewhere.example@muster.at',
    '@muster.at:victim@elsewhere.example',
    'elsewhere.example!victim@muster.at',
    'victim@elsewhere.example@muster.at',
    'max@[127.0.0.1]',
    'max@muster.at.',
    'victim@sub.muster.at',
  ])('%s leads nowhere', async (recipient) => {
    const client = await connect();
    await client.ask('MAIL FROM:<a@example.org>');
    expect(await client.ask(`RCPT TO:<${recipient}>`)).toMatch(/^55[0-9] 5\./);
  });

  test('the case of an address does not matter', async () => {
    const client = await connect();
    expect(await client.send('a@example.org', [address.toUpperCase()], 'From: a@example.org\r\nSubject: x\r\n\r\ny\r\n')).toMatch(
      /^250 2\.0\.0 /,
    );
    expect(await inbox()).toHaveLength(1);
  });

  test('too many recipients are put off with 4.5.3', async () => {
    const client = await connect();
    await client.ask('MAIL FROM:<a@example.org>');
    for (let count = 0; count < 5; count++) expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(/^250 /);
    expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(/^452 4\.5\.3 /);
  });

  test('mail to a postmaster or to abuse without a mailbox reaches the owner of the customer, or whoever is there', async () => {
    await sql(database.url, `delete from app_user`);
    const first = await createAccount(database.url, `first${serial}@postmaster${serial}.at`);
    const client = await connect();
    await client.ask('MAIL FROM:<a@example.org>');
    for (const way of [
      'postmaster@muster.at',
      'POSTMASTER@MUSTER.AT',
      '"Postmaster"@muster.at',
      'postmaster+x@muster.at',
      'Abuse@muster.at',
    ]) {
      expect(await client.ask(`RCPT TO:<${way}>`)).toBe('250 2.1.5 OK');
    }
    await client.ask('RSET');
    await sql(database.url, `insert into app_user (customer_id, email, name, role, mailbox_id) values (1, 'o@x.at', 'O', 'owner', $1)`, [
      account,
    ]);
    await client.ask('MAIL FROM:<a@example.org>');
    expect(await client.ask(`RCPT TO:<postmaster@postmaster${serial}.at>`)).toBe('250 2.1.5 OK');
    expect(await client.data('From: a@example.org\r\nSubject: x\r\n\r\ny\r\n')).toMatch(/^250 /);
    expect(await inbox()).toHaveLength(1);
    expect(await storedMessages(opened.services.store, first)).toHaveLength(0);
  });

  test.each([
    'postmaster',
    'Postmaster',
    '"postmaster"',
    'postmaster@localhost',
    '"POSTMASTER"@LOCALHOST',
    'postmaster@[127.0.0.1]',
    'Postmaster@[IPv6:::1]',
    'abuse@localhost',
    '"Abuse"@LOCALHOST',
  ])('mail to the postmaster of the host as <%s> reaches the oldest owner', async (path) => {
    await sql(database.url, `delete from app_user`);
    await sql(database.url, `insert into app_user (customer_id, email, name, role, mailbox_id) values (1, 'o@x.at', 'O', 'owner', $1)`, [
      account,
    ]);
    const client = await connect();
    await client.ask('MAIL FROM:<a@example.org>');
    expect(await client.ask(`RCPT TO:<${path}>`)).toBe('250 2.1.5 OK');
    expect(await client.data('From: a@example.org\r\nSubject: x\r\n\r\ny\r\n')).toMatch(/^250 /);
    expect(await inbox()).toHaveLength(1);
  });

  test('a subaddress reaches its mailbox, and an address that was given out comes before it', async () => {
    const other = await createAccount(database.url, `max${serial}+erika@muster.at`);
    const client = await connect();
    await client.send(
      'a@example.org',
      [`max${serial}+shop@muster.at`, `MAX${serial}+shop+2@muster.at`],
      'From: a@example.org\r\nSubject: x\r\n\r\ny\r\n',
    );
    await client.send('a@example.org', [`max${serial}+erika@muster.at`], 'From: a@example.org\r\nSubject: z\r\n\r\ny\r\n');
    expect(await inbox()).toHaveLength(1);
    expect(await storedMessages(opened.services.store, other)).toHaveLength(1);
  });

  test.each([
    [`"max$"@muster.at`, /^250 /],
    [`@relay.example,@b.example:max$@muster.at`, /^250 /],
    [`@muster.at:hans@example.org`, /^550 5\.7\.1 /],
    [`"max$@muster.at"@example.org`, /^550 5\.7\.1 /],
    [`max$%example.org@muster.at`, /^550 5\.1\.1 /],
    [`"max $"@muster.at`, /^550 5\.1\.1 /],
    [`max$..x@muster.at`, /^550 5\.1\.1 /],
    [`${'x'.repeat(80)}@muster.at`, /^550 5\.1\.1 /],
    [`max$@[127.0.0.1]`, /^550 5\.7\.1 /],
    [`max$@[999.1.2.3]`, /^550 5\.1\.3 /],
  ])('<%s> is answered with %s', async (path, answer) => {
    const client = await connect();
    await client.ask('MAIL FROM:<a@example.org>');
    expect(await client.ask(`RCPT TO:<${path.replace('$', String(serial))}>`)).toMatch(answer);
  });

  test('more than twenty unknown ones in a row are slowed down, then the connection ends', async () => {
    const client = await connect();
    await client.ask('MAIL FROM:<a@example.org>');
    // who found somebody begins anew, whatever this host got wrong before
    expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(/^250 /);
    for (let count = 0; count < 20; count++) expect(await client.ask(`RCPT TO:<nobody${count}@muster.at>`)).toMatch(/^550 /);
    const started = performance.now();
    expect(await client.ask('RCPT TO:<nobody@muster.at>')).toMatch(/^550 /);
    expect(performance.now() - started).toBeGreaterThan(400);
    let last: string | null = '';
    for (let count = 0; count < 10 && !last?.startsWith('421'); count++) last = await client.ask(`RCPT TO:<nobody${count}@muster.at>`);
    expect(last).toMatch(/^421 4\.7\.1 /);
    expect(await client.reply()).toBeNull();
  });
});

describe('a message', () => {
  test('is stored with Return-Path, results and Received above it, every other byte as it came', async () => {
    const content = 'From: a@example.org\r\nSubject: Gruß\r\nX-Odd:\tkept\r\n\r\n.dot\r\n..two\r\n\0\xff\r\n';
    const client = await connect();
    expect(await client.send('A.B@example.org', [address], content)).toMatch(/^250 2\.0\.0 Zugestellt - delivered as [0-9a-f]{16}$/);
    const stored = await only();
    expect(stored.endsWith(Buffer.from(content).toString('latin1'))).toBe(true);
    expect(stored).toMatch(/^Return-Path: <A\.B@example\.org>\r\nAuthentication-Results: localhost;\r\n/);
    expect(stored).toMatch(
      /Received: from client\.test \(\[127\.0\.0\.1\]\)\r\n\tby localhost \(Postamt\) with ESMTP id [0-9a-f]+\r\n\tfor </,
    );
  });

  test('loses results that somebody wrote in our name, and no others', async () => {
    const client = await connect();
    const forged =
      'Authentication-Results: (sic) LOCALHOST; spf=pass\r\nAuthentication-Results: other.example; spf=pass\r\nFrom: a@example.org\r\nSubject: x\r\n\r\ny\r\n';
    await client.send('a@example.org', [address], forged);
    const stored = await only();
    expect(stored).not.toContain('LOCALHOST');
    expect(stored).toContain('Authentication-Results: other.example; spf=pass');
  });

  test('loses them too where only a lenient program reads our name in them', async () => {
    const client = await connect();
    const disguised = [
      'Authentication-\0Results: localhost',
      'Authentication-Results\xc2\xa0: localhost',
      'Authentication-Results: local\0host',
      'Authentication-Results: localhost\x80',
      'Authentication-Results: =?utf-8?q?localhost?=',
      'Authentication-Results: =?utf-8?q?local=00host?=',
    ];
    const forged = `\xef\xbb\xbfAuthentication-Results: localhost; dmarc=pass\r\n${disguised.map((line) => `${line}; dmarc=pass\r\n`).join('')}`;
    const content = `${forged}From: a@example.org\r\nX-Odd\0: kept\r\nSubject: x\r\n\r\ny\r\n`;
    await client.send('a@example.org', [address], Buffer.from(content, 'latin1'));
    const stored = await only();
    expect(stored).not.toContain('dmarc=pass');
    expect(stored).toContain('\r\nFrom: a@example.org\r\nX-Odd\0: kept\r\nSubject: x\r\n\r\n');
  });

  test('keeps its dots however it is cut into packets', async () => {
    const client = await connect();
    await begin(client);
    for (const byte of Buffer.from('From: a@example.org\r\nSubject: x\r\n\r\n..a\r\n...\r\n.b\r\n.\r\n'))
      client.lines.send(Buffer.from([byte]));
    expect(await client.reply()).toMatch(/^250 /);
    expect((await only()).endsWith('\r\n\r\n.a\r\n..\r\nb\r\n')).toBe(true);
  });

  test('is answered in order when everything is pipelined', async () => {
    const client = await connect();
    client.lines.send(`MAIL FROM:<a@example.org>\r\nRCPT TO:<${address}>\r\nRCPT TO:<x@example.org>\r\nDATA\r\n`);
    expect(await client.reply()).toMatch(/^250 2\.1\.0/);
    expect(await client.reply()).toMatch(/^250 2\.1\.5/);
    expect(await client.reply()).toMatch(/^550 5\.7\.1/);
    expect(await client.reply()).toMatch(/^354/);
    client.lines.send('From: a@example.org\r\nSubject: x\r\n\r\ny\r\n.\r\nRSET\r\nQUIT\r\n');
    expect(await client.reply()).toMatch(/^250 2\.0\.0 Zugestellt/);
    expect(await client.reply()).toMatch(/^250 2\.0\.0/);
    expect(await client.reply()).toMatch(/^221/);
    await client.lines.closed();
  });

  test('cut off in the middle of DATA leaves nothing behind', async () => {
    const client = await connect();
    await begin(client);
    client.lines.send('From: a@example.org\r\nSubject: x\r\n\r\nnot yet at its end\r\n.');
    client.close();
    const next = await connect();
    expect(await next.send('a@example.org', [address], 'From: a@example.org\r\nSubject: second\r\n\r\ny\r\n')).toMatch(/^250 /);
    expect(await only()).toContain('From: a@example.org\r\nSubject: second');
  });

  test('that is too large is refused with 5.3.4 and the session goes on', async () => {
    const client = await connect();
    expect(
      await client.send(
        'a@example.org',
        [address],
        `From: a@example.org\r\nSubject: x\r\n\r\n${'y'.repeat(70).concat('\r\n').repeat(5000)}`,
      ),
    ).toMatch(/^552 5\.3\.4 /);
    expect(await client.send('a@example.org', [address], 'From: a@example.org\r\nSubject: small\r\n\r\ny\r\n')).toMatch(/^250 /);
    expect(await only()).toContain('From: a@example.org\r\nSubject: small');
    // whose trace it is: so his customer finds it there, and it goes with him
    const traced = () => sql(database.url, "select account_id from trace_event where status = '5.3.4' and recipient <> ''");
    await expect.poll(traced).toEqual([{ account_id: String(account) }]);
  });

  test('with a line that is too long is refused with 5.6.0', async () => {
    const client = await connect();
    expect(await client.send('a@example.org', [address], `From: a@example.org\r\nSubject: x\r\n\r\n${'y'.repeat(20_001)}\r\n`)).toMatch(
      /^554 5\.6\.0 /,
    );
    expect(await inbox()).toHaveLength(0);
  });

  test('with a line that seems to have no end is cut off', async () => {
    const client = await connect();
    await begin(client);
    client.lines.send(Buffer.alloc(300_000, 'y'));
    expect(await client.reply()).toMatch(/^554 5\.6\.0 /);
    await client.lines.closed();
    expect(await inbox()).toHaveLength(0);
  });

  test.each(['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\r.\r\n', '\r\n.\r', '\n.\r', '\r\n.\r\r\n', '\r\r\n.\r\n', '\n\n.\r\r\n'])(
    'is not ended, and nothing smuggled in, by %j',
    async (end) => {
      const client = await connect();
      await begin(client);
      client.lines.send(
        `From: a@example.org\r\nSubject: outer\r\n\r\nfirst${end}MAIL FROM:<b@example.org>\r\nRCPT TO:<${address}>\r\nDATA\r\nSubject: inner\r\n\r\nx\r\n.\r\n`,
      );
      expect(await client.reply()).toMatch(/^550 5\.6\.0 /);
      await client.lines.closed();
      expect(await inbox()).toHaveLength(0);
    },
  );

  test('that has passed a hundred hosts is refused as a loop', async () => {
    const client = await connect();
    expect(
      await client.send('a@example.org', [address], `${'Received: from a by b; date\r\n'.repeat(101)}Subject: x\r\n\r\ny\r\n`),
    ).toMatch(/^554 5\.4\.6 /);
  });

  test('to several mailboxes reaches each of them once', async () => {
    const second = `erika${serial}@muster.at`;
    const other = await createAccount(database.url, second);
    const client = await connect();
    expect(await client.send('a@example.org', [address, second, address], 'From: a@example.org\r\nSubject: x\r\n\r\ny\r\n')).toMatch(
      /^250 /,
    );
    expect(await inbox()).toHaveLength(1);
    expect(await storedMessages(opened.services.store, other)).toHaveLength(1);
  });

  test('with an international sender comes in with SMTPUTF8', async () => {
    const client = await connect();
    expect(await client.ask('MAIL FROM:<jürgen@müller.example> SMTPUTF8')).toMatch(/^250 /);
    expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(/^250 /);
    expect(await client.data('From: a@example.org\r\nSubject: Grüße\r\n\r\ny\r\n')).toMatch(/^250 /);
    expect(Buffer.from(await only(), 'latin1').toString()).toContain('with UTF8SMTP id');
  });
});

test('a mailbox without room for the announced size is refused at RCPT, and the others have the message', async () => {
  const small = `klein${serial}@muster.at`;
  await createAccount(database.url, small, 20_000);
  const client = await connect();
  await client.ask('MAIL FROM:<a@example.org> SIZE=30000');
  expect(await client.ask(`RCPT TO:<${small}>`)).toMatch(/^552 5\.2\.2 /);
  expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(/^250 /);
  expect(await client.data(`From: a@example.org\r\nSubject: x\r\n\r\n${'y\r\n'.repeat(10_000)}`)).toMatch(/^250 /);
  expect(await inbox()).toHaveLength(1);
});

test('one of several mailboxes that turns out too full has the message when it has room again, and nobody is sent a report', async () => {
  const small = `klein${serial}@muster.at`;
  const other = await createAccount(database.url, small, 1000);
  const client = await connect();
  expect(await client.send('a@example.org', [small, address], `From: a@example.org\r\nSubject: x\r\n\r\n${'y'.repeat(2000)}\r\n`)).toMatch(
    /^250 /,
  );
  expect(await inbox()).toHaveLength(1);
  const worker = await startQueue(opened.services);
  try {
    const waiting = await eventually(
      'an attempt',
      async () => (await sql(database.url, 'select last_status from queue_recipient where attempts > 0'))[0],
    );
    expect(waiting).toEqual({ last_status: '4.2.2' });
    await sql(database.url, 'update account_counter set quota_bytes = 100000 where account_id = $1', [other]);
    await sql(database.url, 'update queue_recipient set next_attempt_at = now()');
    await eventually('the message', async () => (await storedMessages(opened.services.store, other)).length === 1);
    expect(await sql(database.url, "select 1 from queue_message where sender = ''")).toEqual([]);
  } finally {
    await worker.close(1000);
  }
});

test('a wish to hear of the delivery is followed only where SPF says that the reverse-path is genuine', async () => {
  dns.zone = { 'genuine.example': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] } };
  try {
    for (const sender of ['victim@elsewhere.example', 'me@genuine.example']) {
      const client = await connect();
      await client.ask(`MAIL FROM:<${sender}>`);
      expect(await client.ask(`RCPT TO:<${address}> NOTIFY=SUCCESS`)).toMatch(/^250 /);
      expect(await client.data('From: a@example.org\r\nSubject: x\r\n\r\ny\r\n')).toMatch(/^250 /);
    }
    expect(await sql(database.url, 'select address from queue_recipient')).toEqual([{ address: 'me@genuine.example' }]);
  } finally {
    dns.zone = {};
    await sql(database.url, 'delete from queue_message');
  }
});

describe('what the owner of the From domain wants treated as suspicious', () => {
  const forged = 'From: info@bank.example\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nSubject: forged\r\n\r\ny\r\n';
  const inJunk = async () => {
    const junk = (await opened.services.store.folders(account)).find((folder) => folder.specialUse === '\\Junk');
    return junk ? storedMessages(opened.services.store, account, junk.folderId) : null;
  };
  beforeEach(() => {
    dns.zone = { 'bank.example': { TXT: ['v=spf1 -all'] }, '_dmarc.bank.example': { TXT: ['v=DMARC1; p=quarantine'] } };
  });
  afterEach(() => {
    dns.zone = {};
  });

  test('goes to the folder for spam', async () => {
    const client = await connect();
    expect(await client.send('info@bank.example', [address], forged)).toMatch(/^250 /);
    expect(await inJunk()).toHaveLength(1);
    expect(await inbox()).toHaveLength(0);
  });

  test('goes to INBOX where there is no such folder', async () => {
    await opened.services.store.deleteFolder(account, 'Junk');
    const client = await connect();
    expect(await client.send('info@bank.example', [address], forged)).toMatch(/^250 /);
    expect(await inJunk()).toBeNull();
    expect(await inbox()).toHaveLength(1);
  });
});

describe('exactly once', () => {
  const content = Buffer.from('From: a@example.org\r\nSubject: twice\r\nMessage-ID: <twice@example.org>\r\n\r\ny\r\n');

  test('identical mail sent twice is stored twice', async () => {
    const client = await connect();
    expect(await client.send('a@example.org', [address], content)).toMatch(/^250 /);
    expect(await client.send('a@example.org', [address], content)).toMatch(/^250 /);
    expect(await inbox()).toHaveLength(2);
  });

  test('a retry after the 250 was lost is stored once', async () => {
    const delivered = {
      received: content,
      raw: content,
      provenance: unknownProvenance,
      suspicious: false,
      requireTls: false,
      mayRefuse: true,
    };
    const recipient = { account, rulesVersion: 0, recipient: address, notify: null };
    const [outcome] = await deliverToMailboxes(opened.services, [recipient], { sender: 'a@example.org', ...delivered });
    if (outcome?.ok) outcome.settle(false);
    const client = await connect();
    expect(await client.send('a@example.org', [address], content)).toMatch(/^250 /);
    expect(await inbox()).toHaveLength(1);
  });
});

describe('STARTTLS', () => {
  test('encrypts, and forgets what was said before', async () => {
    const client = await connect();
    await client.ask('MAIL FROM:<a@example.org>');
    expect(await client.ask('STARTTLS')).toMatch(/^220 2\.0\.0 /);
    await client.lines.startTls();
    expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(/^503 /);
    expect(await client.ask('EHLO client.test')).not.toContain('STARTTLS');
    expect(await client.ask('STARTTLS')).toMatch(/^503 /);
    expect(await client.send('a@example.org', [address], 'From: a@example.org\r\nSubject: x\r\n\r\ny\r\n')).toMatch(/^250 /);
    expect(await only()).toMatch(/with ESMTPS id [0-9a-f]+\r\n\t\(TLSv1\.3 /);
  });

  test('with commands behind it in clear text is refused', async () => {
    const client = await connect();
    client.lines.send('STARTTLS\r\nMAIL FROM:<a@example.org>\r\n');
    expect(await client.reply()).toMatch(/^421 4\.7\.0 /);
    await client.lines.closed();
  });
});

test('when the server goes down, clients that wait are told so', async () => {
  const running = await startMx(opened.services);
  const client = await SmtpClient.open(running.port);
  clients.push(client);
  const closed = running.close(2000);
  expect(await client.reply()).toMatch(/^421 4\.3\.2 /);
  await closed;
});
