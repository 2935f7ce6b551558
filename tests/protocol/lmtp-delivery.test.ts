import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startLmtp } from '#mail-server/smtp/lmtp-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { corpusLetters } from '#tests/support/corpus.ts';
import { eventually } from '#tests/support/eventually.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let opened: TestServices;
let lmtp: RunningSmtp;
const clients: SmtpClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url);
  lmtp = await startLmtp(opened.services);
});
afterAll(async () => {
  await lmtp.close(1000);
  await opened.close();
  await database.drop();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

const connect = async () => {
  const client = await SmtpClient.open(lmtp.port, { greeting: 'LHLO peer.test' });
  clients.push(client);
  return client;
};

test('every recipient gets a reply of his own', async () => {
  const account = await createAccount(database.url, 'max@muster.at');
  const late = await createAccount(database.url, 'voll@muster.at', 1000);
  const client = await connect();
  await client.ask('MAIL FROM:<a@example.org>');
  expect(await client.ask('RCPT TO:<max@muster.at>')).toMatch(/^250 /);
  expect(await client.ask('RCPT TO:<niemand@muster.at>')).toMatch(/^550 5\.1\.1 /);
  expect(await client.ask('RCPT TO:<voll@muster.at>')).toMatch(/^250 /);
  expect(await client.data(`Subject: x\r\n\r\n${'y'.repeat(2000)}\r\n`)).toMatch(/^250 2\.0\.0 Zugestellt - delivered as [0-9a-f]{16}$/);
  expect(await client.reply()).toBe('552 5.2.2 Postfach voll - mailbox full');
  expect(await storedMessages(opened.services.store, account)).toHaveLength(1);
  expect(await storedMessages(opened.services.store, late)).toHaveLength(0);
});

test('DSN is not offered: the peer hears of each recipient and tells the sender himself', async () => {
  const client = await connect();
  expect(await client.ask('LHLO peer.test')).not.toContain('DSN');
});

test('DATA without a recipient is a bad sequence (RFC 2033 section 4.2)', async () => {
  const client = await connect();
  await client.ask('MAIL FROM:<a@example.org>');
  expect(await client.ask('RCPT TO:<niemand@muster.at>')).toMatch(/^550 5\.1\.1 /);
  expect(await client.ask('DATA')).toMatch(/^503 5\.5\.1 /);
});

test('a letter whose sender left before the reply is the same one when he comes again, and another one after that', async () => {
  const account = await createAccount(database.url, 'eilig@muster.at');
  const content = 'Subject: x\r\n\r\ny\r\n';
  const stored = async () => (await storedMessages(opened.services.store, account)).length;
  const holder = new pg.Client(database.url);
  await holder.connect();
  await holder.query('begin');
  await holder.query('update account_counter set modseq = modseq + 1 where account_id = $1', [account]);
  const client = await connect();
  await client.ask('MAIL FROM:<a@example.org>');
  await client.ask('RCPT TO:<eilig@muster.at>');
  await client.ask('DATA');
  client.lines.send(`${content}.\r\n`);
  await eventually('the delivery', async () => {
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return (await sql(database.url, waiting)).length > 0;
  });
  client.close();
  await holder.query('rollback');
  await holder.end();
  await eventually('the letter', async () => (await stored()) === 1);
  // the store forgets keys of what was answered after a second
  await sleep(1500);
  expect(await (await connect()).send('a@example.org', ['eilig@muster.at'], content)).toMatch(/^250 /);
  expect(await stored()).toBe(1);
  const keys = () => sql(database.url, 'select 1 from delivery_key where account_id = $1', [account]);
  await eventually('the key to be forgotten', async () => (await keys()).length === 0);
  expect(await (await connect()).send('a@example.org', ['eilig@muster.at'], content)).toMatch(/^250 /);
  expect(await stored()).toBe(2);
});

test('EHLO is not spoken here', async () => {
  const client = await connect();
  expect(await client.ask('EHLO peer.test')).toMatch(/^500 5\.5\.1 /);
});

test('a mailbox that was deleted meanwhile is unknown', async () => {
  const account = await createAccount(database.url, 'kurz@muster.at');
  const client = await connect();
  await client.ask('MAIL FROM:<>');
  expect(await client.ask('RCPT TO:<kurz@muster.at>')).toMatch(/^250 /);
  await sql(database.url, 'delete from mailbox where id = $1', [account]);
  expect(await client.data('Subject: x\r\n\r\ny\r\n')).toMatch(/^550 5\.1\.1 /);
});

test('the odd letters of the corpus all come in, byte for byte', async () => {
  const account = await createAccount(database.url, 'sammler@muster.at');
  const client = await connect();
  const letters = corpusLetters();
  const sent: Buffer[] = [];
  for (const { raw, name } of letters) {
    // over SMTP the last line ends with CRLF
    const whole = raw.subarray(-2).toString('latin1') === '\r\n' ? raw : Buffer.concat([raw, Buffer.from('\r\n')]);
    expect(await client.send('a@example.org', ['sammler@muster.at'], whole), name).toMatch(/^250 2\.0\.0 /);
    sent.push(whole);
  }
  const stored = await storedMessages(opened.services.store, account);
  expect(stored).toHaveLength(letters.length);
  for (const [index, whole] of sent.entries()) {
    const message = stored[index] ?? Buffer.alloc(0);
    expect(message.subarray(-whole.length).equals(whole), letters[index]?.name).toBe(true);
  }
});
