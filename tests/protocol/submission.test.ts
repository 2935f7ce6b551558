import { generateKeyPairSync } from 'node:crypto';
import { dkimSign, dkimVerify } from 'mailauth';
import { createTransport } from 'nodemailer';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { signMailboxToken } from '#lib/auth/mailbox-token.ts';
import { sealSecret } from '#lib/auth/secret-box.ts';
import type { AccountId } from '#lib/db/ids.ts';
import type { Query } from '#mail-server/store/postgres/statement.ts';
import { StoreError } from '#mail-server/store/store-error.ts';
import { startSubmission, type RunningSubmission } from '#mail-server/smtp/submission-server.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { LineClient } from '#tests/support/line-client.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let opened: TestServices;
let submission: RunningSubmission;
let account: AccountId;
let address: string;
let serial = 0;
const password = 'vier Mäuse im Schnee';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const clients: SmtpClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url, { sendPerHour: 6 }, { POSTAMT_LOGIN_FAILURES: '50' });
  submission = await startSubmission({ ...opened.services, secret: testSecret });
  await createAccount(database.url, 'erika@muster.at');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await sql(database.url, 'update domain set dkim_private_key = $1', [sealSecret(pem, testSecret)]);
});
afterAll(async () => {
  await submission.close(1000);
  await opened.close();
  await database.drop();
});
beforeEach(async () => {
  await sql(database.url, 'delete from queue_message');
  address = `max${++serial}@muster.at`;
  account = await createAccount(database.url, address);
  await setPassword(database.url, account, password);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

const connect = async () => {
  const client = await SmtpClient.open(submission.ports.submissions, { tls: true });
  clients.push(client);
  return client;
};
const signedIn = async () => {
  const client = await connect();
  expect(await client.signIn(address, password)).toMatch(/^235 2\.7\.0 /);
  return client;
};
const queued = async () => {
  const rows = await sql(
    database.url,
    `select m.id, m.sender, m.content, m.accept_key, m.dsn_return, m.dsn_envelope, array_agg(r.address order by r.id) as recipients, min(r.dsn_notify) as notify
     from queue_message m join queue_recipient r on r.message_id = m.id group by m.id order by m.id`,
  );
  return rows.map(
    (row) => ({ ...row, text: Buffer.isBuffer(row['content']) ? row['content'].toString() : '' }) as typeof row & { text: string },
  );
};
const letter = (from: string) => `From: Max <${from}>\r\nSubject: x\r\n\r\ny\r\n`;

describe('signing in', () => {
  test('in clear text is neither offered nor possible', async () => {
    const client = await SmtpClient.open(submission.ports.submission, { greeting: '' });
    clients.push(client);
    expect(await client.ask('EHLO client.test')).not.toContain('AUTH');
    const log = vi.spyOn(opened.services.log, 'info');
    expect(await client.signIn(address, password)).toMatch(/^538 5\.7\.11 /);
    expect(await client.ask(`MAIL FROM:<${address}>`)).toMatch(/^530 5\.7\.0 /);
    await client.startTls();
    expect(await client.ask(`MAIL FROM:<${address}>`)).toMatch(/^530 5\.7\.0 /);
    // a printer shows it to nobody
    const device = { service: 'submission', remoteAddress: '127.0.0.1' };
    const told = ['no TLS', 'not signed in'].map((reason) => [{ ...device, reason }, 'a device cannot send']);
    expect(log.mock.calls).toEqual(told);
    expect(await client.signIn(address, password)).toMatch(/^235 /);
  });

  test('with a wrong password is refused with 5.7.8', async () => {
    const client = await connect();
    expect(await client.signIn(address, 'falsch')).toMatch(/^535 5\.7\.8 /);
    expect(await client.signIn('niemand@muster.at', 'falsch')).toMatch(/^535 5\.7\.8 /);
  });

  test('works with LOGIN, step by step', async () => {
    const client = await connect();
    expect(await client.ask('AUTH LOGIN')).toBe('334 VXNlcm5hbWU6');
    expect(await client.ask(Buffer.from(address).toString('base64'))).toBe('334 UGFzc3dvcmQ6');
    expect(await client.ask(Buffer.from(password).toString('base64'))).toMatch(/^235 /);
  });

  test('can be called off with *', async () => {
    const client = await connect();
    expect(await client.ask('AUTH PLAIN')).toBe('334 ');
    expect(await client.ask('*')).toMatch(/^501 5\.7\.0 /);
    expect(await client.ask('AUTH PLAIN !!!')).toMatch(/^501 5\.5\.2 /);
    expect(await client.ask('AUTH NTLM')).toMatch(/^504 5\.5\.4 /);
    expect(await client.ask('AUTH PLAIN')).toBe('334 ');
    expect(await client.ask('A'.repeat(20_000))).toMatch(/^500 5\.5\.6 /);
    expect(await client.ask('AUTH')).toMatch(/^501 5\.5\.4 /);
  });

  test('works with the token of the web, as OAUTHBEARER and as XOAUTH2', async () => {
    const token = await tokenFor();
    const bearer = await connect();
    expect(
      await bearer.ask(`AUTH OAUTHBEARER ${Buffer.from(`n,a=${address},\x01auth=Bearer ${token}\x01\x01`).toString('base64')}`),
    ).toMatch(/^235 /);
    const xoauth = await connect();
    expect(await xoauth.ask(`AUTH XOAUTH2 ${Buffer.from(`user=${address}\x01auth=Bearer ${token}\x01\x01`).toString('base64')}`)).toMatch(
      /^235 /,
    );
  });

  test('with a bad token answers as RFC 7628 says', async () => {
    const client = await connect();
    const challenge = await client.ask(`AUTH OAUTHBEARER ${Buffer.from(`n,a=${address},\x01auth=Bearer bad\x01\x01`).toString('base64')}`);
    expect(Buffer.from(challenge?.slice(4) ?? '', 'base64').toString()).toBe('{"status":"invalid_token"}');
    expect(await client.ask('AQ==')).toMatch(/^535 5\.7\.8 /);
  });

  test('on a port of implicit TLS needs TLS from the first byte', async () => {
    const plain = await LineClient.open(submission.ports.submissions);
    plain.send('EHLO client.test\r\n');
    await plain.closed();
  });
});

describe('the sender', () => {
  test.each(['erika@muster.at', 'max@example.org'])('<%s> is not his and is refused with 5.7.1', async (sender) => {
    const client = await signedIn();
    expect(await client.ask(`MAIL FROM:<${sender}>`)).toMatch(/^553 5\.7\.1 /);
  });

  test.each([
    ['erika@muster.at', /^553 5\.7\.1 /],
    ['chef@', /^554 5\.6\.0 /],
  ])('may not write From: %s into the message', async (from, expected) => {
    const client = await signedIn();
    expect(await client.send(address, ['erika@muster.at'], letter(from))).toMatch(expected);
    expect(await queued()).toEqual([]);
  });

  test('may use each of his addresses', async () => {
    await sql(
      database.url,
      `insert into address (domain_id, address, mailbox_id) select domain_id, 'alias' || $1::text || '@muster.at', $2 from mailbox where id = $2`,
      [serial, account],
    );
    const client = await signedIn();
    expect(await client.send(`alias${serial}@muster.at`, ['erika@muster.at'], letter(address))).toMatch(/^250 /);
  });

  test.each([
    ['AUTH=<>', /^250 /],
    ['AUTH=a+40b.example', /^250 /],
    ['AUTH=', /^501 /],
    ['AUTH', /^501 5\.5\.4 /],
    ['AUTH=+zz', /^501 5\.5\.4 /],
    ['AUTH=a=b', /^501 5\.5\.4 /],
  ])('may be named once more with %s: %s', async (parameter, answer) => {
    const client = await signedIn();
    expect(await client.ask(`MAIL FROM:<${address}> ${parameter}`)).toMatch(answer);
  });

  test('passes on what somebody else wrote as he signed it: umlauts in the text, a Date and a Message-ID that are none', async () => {
    const written = `From: Hans <hans@elsewhere.example>\r\nTo: ${address}\r\nSubject: s\r\nDate: Sat, 28 Nov 26 10:00 CET\r\nMessage-ID: <1@2@elsewhere>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße aus Österreich\r\n`;
    const key = {
      signingDomain: 'elsewhere.example',
      selector: 's1',
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
    const { signatures } = await dkimSign(written, { ...key, headerList: 'from:to:subject:date:message-id', signatureData: [key] });
    const client = await signedIn();
    const block = `Resent-From: <${address}>\r\nResent-To: <hans@example.org>\r\n`;
    expect(await client.send(address, ['hans@example.org'], block + signatures + written)).toMatch(/^250 /);
    const [message] = await queued();
    const record = `v=DKIM1; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
    const { results } = await dkimVerify(message?.['content'] as Buffer, { resolver: async () => [[record]] });
    expect(results.map(({ signingDomain, status }) => `${signingDomain} ${status.result}`)).toEqual([
      'muster.at pass',
      'elsewhere.example pass',
    ]);
  });

  test('may use a subaddress of his own, as envelope and as author, but none that somebody else has', async () => {
    await createAccount(database.url, `max${serial}+erika@muster.at`);
    const own = `max${serial}+shop@muster.at`;
    const client = await signedIn();
    expect(await client.send(own, ['erika@muster.at'], letter(own))).toMatch(/^250 /);
    for (const foreign of [`max${serial}+erika@muster.at`, `max${serial}0+x@muster.at`]) {
      expect(await client.ask(`MAIL FROM:<${foreign}>`)).toMatch(/^553 5\.7\.1 /);
      expect(await client.send(address, ['erika@muster.at'], letter(foreign))).toMatch(/^553 5\.7\.1 /);
      await client.ask('RSET');
    }
  });

  test('whose domain is not verified writes within his organisation only', async () => {
    await sql(database.url, `update domain set verified_at = null where name = 'muster.at'`);
    try {
      const client = await signedIn();
      await client.ask(`MAIL FROM:<${address}>`);
      expect(await client.ask('RCPT TO:<erika@muster.at>')).toMatch(/^250 /);
      expect(await client.ask('RCPT TO:<hans@example.org>')).toMatch(/^550 5\.7\.1 .*muster\.at.*not verified/);
    } finally {
      await sql(database.url, `update domain set verified_at = now() where name = 'muster.at'`);
    }
  });

  test('is slowed down when its customer has written as much as the operator allows, other customers are not', async () => {
    await sql(database.url, `insert into customer (id, name, max_messages_per_hour) values (70, 'Andere GmbH', 2)`);
    await sql(database.url, 'update mailbox set customer_id = 70 where id = $1', [account]);
    const client = await signedIn();
    const send = () => client.send(address, ['erika@muster.at'], letter(address));
    await sql(database.url, 'update domain set customer_id = 70, verified_at = now()');
    const answers = [await send(), await send(), await send()];
    await sql(database.url, 'update domain set customer_id = 1');
    expect(answers.map((answer) => answer?.slice(0, 9))).toEqual(['250 2.0.0', '250 2.0.0', '450 4.7.1']);
    await sql(database.url, 'update customer set max_messages_per_hour = null where id = 70');
    expect(await send()).toMatch(/^250 /);
  });

  test('is slowed down after too many recipients in an hour', async () => {
    const client = await signedIn();
    const recipients = Array.from({ length: 6 }, (_, index) => `r${index}@example.org`);
    expect(await client.send(address, recipients, letter(address))).toMatch(/^250 /);
    expect(await client.ask(`MAIL FROM:<${address}>`)).toMatch(/^450 4\.7\.1 /);
  });
});

describe('the hour', () => {
  test('is counted exactly, however many connections submit at the same moment', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const client = await signedIn();
        expect(await client.ask(`MAIL FROM:<${address}>`)).toMatch(/^250 /);
        expect(await client.ask('RCPT TO:<hans@example.org>')).toMatch(/^250 /);
        return client;
      }),
    );
    const answers = await Promise.all(all.map((client) => client.data(letter(address))));
    expect(answers.filter((answer) => answer?.startsWith('250 '))).toHaveLength(6);
    expect(answers.filter((answer) => answer?.startsWith('450 4.7.1 '))).toHaveLength(4);
    expect(await queued()).toHaveLength(6);
  });
});

describe('recipients', () => {
  test('of ours that do not exist, or are full, are refused at once', async () => {
    const client = await signedIn();
    await client.ask(`MAIL FROM:<${address}>`);
    expect(await client.ask('RCPT TO:<niemand@muster.at>')).toMatch(/^550 5\.1\.1 /);
    expect(await client.ask('RCPT TO:<hans@[192.0.2.1]>')).toMatch(/^553 5\.1\.3 /);
    await sql(database.url, 'update account_counter set used_bytes = quota_bytes where account_id = $1', [account]);
    expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(/^552 5\.2\.2 /);
  });

  test('in a domain that another customer entered without proof are elsewhere', async () => {
    await sql(database.url, `insert into customer (id, name) values (2, 'Andere') on conflict do nothing`);
    await sql(
      database.url,
      `insert into domain (customer_id, name, verification_token, dkim_selector, dkim_private_key, dkim_public_key)
       values (2, 'bank.example', 't', 's', '', '') on conflict do nothing`,
    );
    const client = await signedIn();
    await client.ask(`MAIL FROM:<${address}>`);
    expect(await client.ask('RCPT TO:<kunde@bank.example>')).toMatch(/^250 /);
  });

  test.each([
    ['try..this@dots.example', null],
    ['name.@dots.example', null],
    ['"John Doe"@dots.example', null],
    ['"try..this"@dots.example', null],
    [`${'v'.repeat(100)}@lists.example`, null],
    ['"plain"@dots.example', 'plain@dots.example'],
    ['@relay.example:hans@dots.example', 'hans@dots.example'],
    ['x@web_srv.dots.example', null],
  ])('elsewhere are theirs: %s', async (path, wire) => {
    const client = await signedIn();
    expect(await client.send(address, [path], letter(address))).toMatch(/^250 /);
    expect((await queued())[0]?.['recipients']).toEqual([wire ?? path]);
  });

  test('that no host can be found for are refused at once', async () => {
    const client = await signedIn();
    await client.ask(`MAIL FROM:<${address}>`);
    for (const path of ['root@host', 'x@1.2.3.4', '"a>b"@example.org', 'x@[999.1.2.3]', `x..y@muster.at`]) {
      expect(await client.ask(`RCPT TO:<${path}>`)).toMatch(/^55[03] 5\.1\.[13] /);
    }
  });

  test('keep the case of their local part', async () => {
    const client = await signedIn();
    expect(await client.send(address, ['Hans.Huber@Example.ORG'], letter(address))).toMatch(/^250 /);
    expect((await queued())[0]?.['recipients']).toEqual(['Hans.Huber@example.org']);
  });
});

describe('a message', () => {
  test.each([
    ['to the byte', '', /^queue_forget_(keys|held_key)$/, 2],
    ['with its Message-ID', 'Message-ID: <hourly@muster.at>\r\n', /^submission_answered$/, 1],
  ])(
    'that was answered is another one when it comes again %s, also where the database was away at that moment: a device sends the same each hour',
    async (_, field, statements, times) => {
      const { database: store } = opened.services;
      let cuts = 0;
      const cutOnce =
        (query: Query): Query =>
        (statement, values) => {
          if (!statements.test(statement.name) || cuts >= times) return query(statement, values);
          cuts++;
          return Promise.reject(new StoreError('Unavailable'));
        };
      const cut = {
        ...opened.services,
        database: { ...store, write: cutOnce(store.write), note: cutOnce(store.note) },
        secret: testSecret,
      };
      const server = await startSubmission(cut);
      const client = await SmtpClient.open(server.ports.submissions, { tls: true });
      clients.push(client);
      await client.signIn(address, password);
      expect(await client.send(address, ['wer@example.org'], field + letter(address))).toMatch(/^250 /);
      // what comes next shows that the reply was read
      await client.ask('NOOP');
      await expect.poll(() => cuts).toBe(times);
      const remembered = `select 1 from queue_message m left join submission_key k on k.queue_id = m.id
        where m.accept_key is not null or k.at > now() - interval '10 minutes'`;
      await expect.poll(() => sql(database.url, remembered)).toEqual([]);
      expect(await queued()).toHaveLength(1);
      client.close();
      await server.close(1000);
    },
  );

  test('is in the queue before it is acknowledged, with what was missing, without Bcc', async () => {
    const client = await signedIn();
    const answer = await client.send(
      address,
      ['erika@muster.at', 'hans@example.org'],
      'Subject: x\r\nBcc: geheim@example.org\r\n\r\ny\r\n',
    );
    const [message] = await queued();
    expect(answer).toBe(`250 2.0.0 Angenommen - queued as ${message?.['id']}`);
    expect(message?.['recipients']).toEqual(['erika@muster.at', 'hans@example.org']);
    expect(message?.text).toMatch(/^Date: /m);
    expect(message?.text).toMatch(/^Message-ID: <.+@localhost>\r$/m);
    expect(message?.text).toContain(`From: <${address}>`);
    expect(message?.text).not.toContain('geheim');
    expect(message?.text).toMatch(/with ESMTPSA id /);
    expect(message?.text.endsWith('Subject: x\r\n\r\ny\r\n')).toBe(true);
  });

  test.each([
    ['From: \r\n', 'From: <ME>'],
    ['From: Kopierer 3. Stock\r\n', 'From: "Kopierer 3. Stock" <ME>'],
    ['From: =?utf-8?Q?Ger=C3=A4t?=\r\n', 'From: =?UTF-8?Q?Ger=C3=A4t?= <ME>'],
    ['From: =?utf-8?Q?chef=40bank.at?=\r\n', 'From: <ME>'],
    ['From: =?utf-8?Q?=3D=3Futf-8=3FQ=3Fchef=3D40bank.at=3F=3D?=\r\n', 'From: <ME>'],
    ['From: Max <ME>\r\nFrom: Max <ME>\r\n', 'From: Max <ME>'],
    ['From: Scanner\r\nFrom: Max <ME>\r\n', 'From: Max <ME>'],
    ['From: Max <ME>\r\nSender: root@localhost\r\n', 'From: Max <ME>'],
  ])('of a machine that writes %j has one author, and nobody else speaks in it', async (head, from) => {
    const client = await signedIn();
    expect(await client.send(address, ['hans@example.org'], `${head.replaceAll('ME', address)}Subject: x\r\n\r\ny\r\n`)).toMatch(/^250 /);
    const [message] = await queued();
    expect(message?.text.match(/^(From|Sender):.*$/gm)).toEqual([from.replace('ME', address)]);
  });

  test('with a colleague as Sender is refused, also in a domain that only exists in the house', async () => {
    const own = `max${serial}@firma.internal`;
    await setPassword(database.url, await createAccount(database.url, own), password);
    const client = await connect();
    expect(await client.signIn(own, password)).toMatch(/^235 /);
    expect(await client.send(own, ['erika@muster.at'], `From: <${own}>\r\nSender: <chef@firma.internal>\r\n\r\ny\r\n`)).toMatch(
      /^553 5\.7\.1 /,
    );
  });

  test('tells nobody where it was written, and stays ASCII whatever the computer is called', async () => {
    for (const name of ['BÜRO-PC', 'Max (PC); x', '[127.0.0.1]', 'localhost']) {
      await sql(database.url, 'delete from queue_message');
      const client = await SmtpClient.open(submission.ports.submissions, { tls: true, greeting: `EHLO ${name}` });
      clients.push(client);
      await client.signIn(address, password);
      expect(await client.send(address, ['erika@muster.at'], letter(address))).toMatch(/^250 /);
      const [message] = await queued();
      expect(message?.text).toMatch(/^Received: from [\w.?-]+\r\n\tby localhost \(Postamt\) with ESMTPSA id \w+\r\n/m);
      expect(message?.text).not.toContain('127.0.0.1');
      expect(message?.text).toMatch(/^[\t\r\n -~]*$/);
    }
  });

  test('of a device that ends its lines with LF has CRLF in the end, and ends only where the RFC says', async () => {
    const client = await signedIn();
    await client.ask(`MAIL FROM:<${address}>`);
    await client.ask('RCPT TO:<erika@muster.at>');
    await client.ask('DATA');
    client.lines.send(`From: <${address}>\nMessage-ID: <>\nDate: heute\nSubject: x\n\n..one\n.\nMAIL FROM:<x@y.example>\nlast\r\n.\r\n`);
    expect(await client.reply()).toMatch(/^250 /);
    const [message] = await queued();
    expect(message?.text.endsWith('Subject: x\r\n\r\n.one\r\n.\r\nMAIL FROM:<x@y.example>\r\nlast\r\n')).toBe(true);
    expect(message?.text).not.toMatch(/[^\r]\n|\r[^\n]/);
    expect(message?.text.match(/^Message-ID: <.+@localhost>\r$/gm)).toHaveLength(1);
    expect(message?.text.match(/^Date: .*$/gm)).toHaveLength(1);
  });

  test('of who knows no CRLF at all ends with a dot between two LF', async () => {
    const client = await SmtpClient.open(submission.ports.submissions, { tls: true, greeting: '' });
    clients.push(client);
    const ask = (line: string) => {
      client.lines.send(`${line}\n`);
      return client.reply();
    };
    expect(await ask('EHLO scanner')).toMatch(/^250-/);
    expect(await ask('AUTH LOGIN')).toMatch(/^334 /);
    expect(await ask(`${Buffer.from(address).toString('base64')} `)).toMatch(/^334 /);
    expect(await ask(Buffer.from(password).toString('base64'))).toMatch(/^235 /);
    expect(await ask(`MAIL FROM:<${address}>`)).toMatch(/^250 /);
    expect(await ask('RCPT TO:<erika@muster.at>')).toMatch(/^250 /);
    expect(await ask('DATA')).toMatch(/^354 /);
    expect(await ask(`From: <${address}>\nSubject: scan\n\n..one\n.two\n.`)).toMatch(/^250 /);
    expect(await ask('QUIT')).toMatch(/^221 /);
    const [message] = await queued();
    expect(message?.text.endsWith('Subject: scan\r\n\r\n.one\r\n.two\r\n')).toBe(true);
  });

  test('is signed with the key of its domain', async () => {
    const client = await signedIn();
    await client.send(address, ['erika@muster.at'], letter(address));
    const [message] = await queued();
    const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const { results } = await dkimVerify(message?.text ?? '', { resolver: async () => [[`v=DKIM1; k=rsa; p=${key}`]] });
    expect(results.map((result) => [result.signingDomain, result.status.result])).toEqual([['muster.at', 'pass']]);
  });

  test('with umlauts in its header goes out as ASCII with a signature that holds, and as it is where SMTPUTF8 was asked for', async () => {
    const client = await signedIn();
    const raw = `From: Jürgen <${address}>\r\nSubject: Störung\r\n\r\nGrüße\r\n`;
    expect(await client.send(address, ['erika@muster.at'], raw)).toMatch(/^250 /);
    expect(await client.ask(`MAIL FROM:<${address}> SMTPUTF8`)).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<erika@muster.at>')).toMatch(/^250 /);
    expect(await client.data(raw)).toMatch(/^250 /);
    const [plain, international] = await queued();
    expect(plain?.text).toMatch(/^[\t\r\n -~]*$/);
    expect(plain?.text).toContain(`From: =?UTF-8?Q?J=C3=BCrgen?= <${address}>\r\nSubject: =?UTF-8?Q?St=C3=B6rung?=\r\n`);
    const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const { results } = await dkimVerify(plain?.text ?? '', { resolver: async () => [[`v=DKIM1; k=rsa; p=${key}`]] });
    expect(results.map((result) => result.status.result)).toEqual(['pass']);
    expect(international?.text).toContain('\r\nSubject: Störung\r\n');
  });

  test('carries its wishes for reports', async () => {
    const client = await signedIn();
    expect(await client.ask(`MAIL FROM:<${address}> RET=HDRS ENVID=QQ+2B1`)).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<hans@example.org> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Hans@example.org')).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<hans@example.org> NOTIFY=NEVER,DELAY')).toMatch(/^501 5\.5\.4 /);
    expect(await client.data(letter(address))).toMatch(/^250 /);
    expect((await queued())[0]).toMatchObject({ dsn_return: 'HDRS', dsn_envelope: 'QQ+1', notify: 'SUCCESS,DELAY' });
  });

  test('may have the null sender, as a read receipt has, but no foreign author', async () => {
    const client = await signedIn();
    expect(await client.send('', ['erika@muster.at'], letter(address))).toMatch(/^250 /);
    expect((await queued())[0]).toMatchObject({ sender: '' });
    expect(await client.send('', ['erika@muster.at'], letter('erika@muster.at'))).toMatch(/^553 5\.7\.1 /);
  });

  const bounce = (from: string, type = 'multipart/report; report-type=delivery-status; boundary="b"') =>
    `From: ${from}\r\nSubject: Undelivered Mail Returned to Sender\r\nContent-Type: ${type}\r\n\r\nx\r\n`;

  test.each([
    ['Postfix', 'MAILER-DAEMON@office.muster.local (Mail Delivery System)', undefined, '"Mail Delivery System" <ME>'],
    ['Postfix, in a domain that lives here', 'MAILER-DAEMON@muster.at (Mail Delivery System)', undefined, '"Mail Delivery System" <ME>'],
    ['Exim', 'Mail Delivery System <Mailer-Daemon@office.example.org>', 'text/plain', '"Mail Delivery System" <ME>'],
    ['qmail', 'MAILER-DAEMON@office.example.org', 'text/plain', '<ME>'],
    ['Exchange', 'Microsoft Outlook <MicrosoftExchange329e71ec@example.org>', undefined, '"Microsoft Outlook" <ME>'],
    ['a program that names an address as its name', '"chef@bank.at" <mailer-daemon@example.org>', 'text/plain', '<ME>'],
  ])(
    'that an office\u2019s own mail server reports with (%s) is taken, under the address of who hands it in',
    async (_, from, type, written) => {
      const client = await signedIn();
      const answer = await client.send('', ['hans@example.org'], bounce(from, type));
      expect(answer).toMatch(/^250 /);
      const [message] = await queued();
      expect(message).toMatchObject({ sender: '' });
      expect(message?.text.match(/^(From|Sender):.*$/gm)).toEqual([`From: ${written.replace('ME', address)}`]);
      expect(message?.text).toMatch(/\r\nSubject: Undelivered Mail Returned to Sender\r\n/);
    },
  );

  test.each([
    ['a letter', '', bounce('erika@muster.at', 'text/plain')],
    ['a read receipt', '', bounce('erika@muster.at', 'multipart/report; report-type=disposition-notification; boundary="b"')],
    ['one of two authors', '', bounce('MAILER-DAEMON@example.org, erika@muster.at')],
    ['what may be answered', 'ME', bounce('MAILER-DAEMON@example.org')],
  ])('is no report of a mail server and stays without a foreign author: %s', async (_, sender, content) => {
    const client = await signedIn();
    expect(await client.send(sender.replace('ME', address), ['hans@example.org'], content)).toMatch(/^553 5\.7\.1 /);
  });

  test('can be followed in the log from the session to its number in the queue', async () => {
    const lines: { msg: string; session?: string; queueId?: number; recipient?: string }[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
    const logging = await startSubmission({ ...opened.services, log, secret: testSecret });
    try {
      const client = await SmtpClient.open(logging.ports.submissions, { tls: true });
      clients.push(client);
      await client.signIn(address, password);
      const answer = await client.send(address, ['erika@muster.at', 'hans@example.org'], letter(address));
      const [message] = await queued();
      expect(answer).toContain(`queued as ${message?.['id']}`);
      const steps = lines.filter(({ msg }) => msg === 'submitted');
      expect(steps.map(({ queueId, recipient }) => [queueId, recipient])).toEqual([
        [Number(message?.['id']), 'erika@muster.at'],
        [Number(message?.['id']), 'hans@example.org'],
      ]);
      expect(message?.text).toContain(`id ${steps[0]?.session}`);
    } finally {
      await logging.close(1000);
    }
  });

  test('that is refused is found in the trace with its reason, whoever refused it: MAIL, RCPT or the message', async () => {
    const client = await signedIn();
    await client.ask('MAIL FROM:<erika@muster.at>');
    await client.ask(`MAIL FROM:<${address}> SIZE=999999999`);
    await client.ask(`MAIL FROM:<${address}>`);
    await client.ask('RCPT TO:<hans@localhost>');
    await client.ask('RSET');
    await client.send(address, ['hans@example.org'], letter('erika@muster.at'));
    const traced = () =>
      sql(database.url, `select sender, recipient, status from trace_event where account_id = $1 and step = 'refused' order by id`, [
        account,
      ]);
    await expect.poll(traced).toEqual([
      { sender: 'erika@muster.at', recipient: '', status: '5.7.1' },
      { sender: address, recipient: '', status: '5.3.4' },
      { sender: address, recipient: 'hans@localhost', status: '5.1.3' },
      { sender: address, recipient: 'hans@example.org', status: '5.7.1' },
    ]);
  });

  test('sent twice is queued twice', async () => {
    const client = await signedIn();
    await client.send(address, ['erika@muster.at'], letter(address));
    await client.send(address, ['erika@muster.at'], letter(address));
    expect(await queued()).toHaveLength(2);
  });

  test('that signed in in clear text, on this machine, does not carry that into TLS', async () => {
    const lenient = await openTestServices(database.url, { cleartextLoginOnLoopback: true });
    const clear = await startSubmission({ ...lenient.services, secret: testSecret });
    try {
      const client = await SmtpClient.open(clear.ports.submission);
      clients.push(client);
      expect(await client.signIn(address, password)).toMatch(/^235 /);
      expect(await client.ask('EHLO client.test')).not.toContain('STARTTLS');
      expect(await client.ask('STARTTLS')).toMatch(/^503 5\.5\.1 /);
      expect(await client.send(address, ['erika@muster.at'], 'Subject: s\r\n\r\nx\r\n')).toMatch(/^250 /);
    } finally {
      await clear.close(1000);
      await lenient.close();
    }
  });

  test('of nodemailer goes through port 587 with STARTTLS', async () => {
    const transport = createTransport({
      host: '127.0.0.1',
      port: submission.ports.submission,
      requireTLS: true,
      tls: { rejectUnauthorized: false },
      auth: { user: address, pass: password },
    });
    const info = await transport.sendMail({ from: address, to: 'erika@muster.at', subject: 'Grüße', text: 'Straße' });
    expect(info.response).toMatch(/^250 2\.0\.0 /);
    transport.close();
  });
});

async function tokenFor(): Promise<string> {
  const parsed = parseEmailAddress(address);
  if (!parsed) throw new Error('not an address');
  const [row] = await sql(database.url, 'select credential_version from mailbox where id = $1', [account]);
  return signMailboxToken({ address: parsed, accountId: account, credentialVersion: Number(row?.['credential_version']) }, testSecret, 60);
}
