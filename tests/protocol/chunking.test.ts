import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import { startLmtp } from '#mail-server/smtp/lmtp-server.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { type RunningSubmission, startSubmission } from '#mail-server/smtp/submission-server.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { type DnsServer, startDnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let opened: TestServices;
let dns: DnsServer;
let mx: RunningSmtp;
let lmtp: RunningSmtp;
let submission: RunningSubmission;
let account: AccountId;
let address: string;
let serial = 0;
const password = 'drei Katzen im Regen';
const clients: SmtpClient[] = [];
const header = 'From: a@example.org\r\nSubject: in Teilen\r\nMIME-Version: 1.0\r\n';
const octets = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 37) & 255));
const binary = Buffer.concat([
  Buffer.from(`${header}Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n`),
  octets,
]);

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({});
  opened = await openTestServices(database.url, { dnsServers: [dns.address], messageBytes: 300_000, lineBytes: 20_000, recipients: 5 });
  mx = await startMx(opened.services);
  lmtp = await startLmtp(opened.services);
  submission = await startSubmission({ ...opened.services, secret: testSecret });
});
afterAll(async () => {
  for (const server of [mx, lmtp, submission]) await server.close(1000);
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
  for (const client of clients.splice(0)) client.close();
});

const connect = async (port = mx.port, greeting = 'EHLO client.test'): Promise<SmtpClient> => {
  const client = await SmtpClient.open(port, { greeting });
  clients.push(client);
  return client;
};
const begin = async (client: SmtpClient, parameters = ''): Promise<void> => {
  expect(await client.ask(`MAIL FROM:<a@example.org>${parameters}`)).toMatch(/^250/);
  expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(/^250/);
};
const chunk = async (client: SmtpClient, content: string | Buffer, last = false): Promise<string | null> => {
  const bytes = Buffer.from(content);
  client.lines.send(Buffer.concat([Buffer.from(`BDAT ${bytes.length}${last ? ' LAST' : ''}\r\n`), bytes]));
  return client.reply();
};
const only = async (): Promise<Buffer> => {
  const messages = await storedMessages(opened.services.store, account);
  expect(messages).toHaveLength(1);
  return messages[0] ?? Buffer.alloc(0);
};

describe('chunks', () => {
  test('make one message, dots and words like commands in it are text', async () => {
    const client = await connect();
    await begin(client);
    expect(await chunk(client, `${header}\r\n.\r\n`)).toMatch(/^250 2\.0\.0 \d+ octets/);
    expect(await chunk(client, '..two dots\r\n.\r\nRSET\r\n', true)).toMatch(/^250 2\.0\.0/);
    expect((await only()).toString()).toMatch(/\r\n\r\n\.\r\n\.\.two dots\r\n\.\r\nRSET\r\n$/);
  });

  test('an empty last one ends the message, and one of each octet makes the same', async () => {
    const client = await connect();
    await begin(client);
    for (const letter of `${header}\r\nx\r\n`) await chunk(client, letter);
    expect(await chunk(client, '', true)).toMatch(/^250/);
    expect((await only()).toString()).toMatch(/\r\n\r\nx\r\n$/);
  });

  test('pipelined with everything before and behind them, they are answered in order', async () => {
    const client = await connect();
    const text = `${header}\r\neins\r\n`;
    client.lines.send(
      `MAIL FROM:<a@example.org>\r\nRCPT TO:<${address}>\r\nBDAT ${text.length}\r\n${text}BDAT 6 LAST\r\nzwei\r\nNOOP\r\nMAIL FROM:<b@example.org>\r\n`,
    );
    const replies = [];
    for (let index = 0; index < 6; index++) replies.push((await client.reply())?.slice(0, 3));
    expect(replies).toEqual(['250', '250', '250', '250', '250', '250']);
    expect((await only()).toString()).toMatch(/eins\r\nzwei\r\n$/);
  });

  test('without recipients they are read and refused, so their octets never count as commands', async () => {
    const client = await connect();
    client.lines.send('MAIL FROM:<a@example.org>\r\nRCPT TO:<nobody@muster.at>\r\nBDAT 6\r\nQUIT\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n');
    const replies = [];
    for (let index = 0; index < 5; index++) replies.push((await client.reply())?.slice(0, 3));
    expect(replies).toEqual(['250', '550', '554', '554', '250']);
  });

  test('RSET forgets what came, and without MAIL there is no place for them', async () => {
    const client = await connect();
    await begin(client);
    await chunk(client, `${header}\r\n`);
    expect(await client.ask('DATA')).toMatch(/^503/);
    expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(/^503/);
    expect(await client.ask('RSET')).toMatch(/^250/);
    expect(await chunk(client, 'x\r\n', true)).toMatch(/^503/);
    await begin(client);
    expect(await chunk(client, `${header}\r\nneu\r\n`, true)).toMatch(/^250/);
    expect((await only()).toString()).toMatch(/\r\n\r\nneu\r\n$/);
  });

  test('too much is refused in the middle, the rest of it is read, and the session goes on', async () => {
    const client = await connect();
    await begin(client);
    expect(await chunk(client, `${header}\r\n`)).toMatch(/^250/);
    expect(await chunk(client, 'x\r\n'.repeat(110_000))).toMatch(/^552 5\.3\.4/);
    expect(await chunk(client, 'QUIT\r\n', true)).toMatch(/^503/);
    expect(await client.ask('NOOP')).toMatch(/^250/);
    expect(await storedMessages(opened.services.store, account)).toHaveLength(0);
  });

  test.each([
    ['a line too long', `${header}\r\n${'x'.repeat(20_001)}\r\n`, /^554 5\.6\.0/],
    ['a CR or LF that stands alone', `${header}\r\na\nb\r\n`, /^550 5\.6\.0/],
  ])('%s is refused, and the session goes on', async (_, content, refusal) => {
    const client = await connect();
    await begin(client);
    expect(await chunk(client, content, true)).toMatch(refusal);
    expect(await client.ask('NOOP')).toMatch(/^250/);
  });

  test('a chunk that is refused before the last one, and a letter that breaks off, stand in the trace of who was to get it', async () => {
    const client = await connect();
    await begin(client);
    expect(await chunk(client, 'x\r\n'.repeat(110_000))).toMatch(/^552 5\.3\.4/);
    for (const command of ['BDAT 100', 'DATA']) {
      const other = await connect();
      await begin(other);
      other.lines.send(`${command}\r\nSubject: ab`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      other.close();
    }
    await eventually('the trace', async () => {
      const steps = await sql(
        database.url,
        `select t.status from trace_event t join mailbox m on m.customer_id = t.customer_id and m.id = t.account_id where m.id = $1 and t.step = 'refused' order by 1`,
        [account],
      );
      return steps.map(({ status }) => status).join() === '4.4.2,4.4.2,5.3.4';
    });
  });

  test.each(['BDAT', 'BDAT x', 'BDAT 5 FIRST', 'BDAT -1', 'BDAT 99999999999999'])(
    '%s ends the connection, with a word',
    async (command) => {
      const client = await connect();
      await begin(client);
      expect(await client.ask(command)).toMatch(/^5\d\d /);
      // for whatever was sent behind it (RFC 5321 section 3.8)
      expect(await client.reply()).toMatch(/^421 4\.7\.0 /);
      expect(await client.reply()).toBeNull();
    },
  );

  test('LMTP answers a chunk once and the last one for each recipient', async () => {
    const client = await connect(lmtp.port, 'LHLO client.test');
    await begin(client);
    const second = await createAccount(database.url, `zwei${serial}@muster.at`);
    expect(await client.ask(`RCPT TO:<zwei${serial}@muster.at>`)).toMatch(/^250/);
    expect(await chunk(client, header)).toMatch(/^250/);
    expect(await chunk(client, '\r\nText\r\n', true)).toMatch(/^250/);
    expect(await client.reply()).toMatch(/^250/);
    expect(await storedMessages(opened.services.store, second)).toHaveLength(1);
  });
});

describe('BINARYMIME', () => {
  test('keeps every octet, also over LMTP', async () => {
    for (const [port, greeting] of [
      [mx.port, 'EHLO client.test'],
      [lmtp.port, 'LHLO client.test'],
    ] as const) {
      const client = await connect(port, greeting);
      await begin(client, ' BODY=BINARYMIME');
      await chunk(client, binary.subarray(0, 1000));
      expect(await chunk(client, binary.subarray(1000), true)).toMatch(/^250/);
    }
    const messages = await storedMessages(opened.services.store, account);
    expect(messages).toHaveLength(2);
    for (const message of messages) expect(message.subarray(-octets.length).equals(octets)).toBe(true);
  });

  test('needs BDAT, and lines in the header all the same', async () => {
    const client = await connect();
    await begin(client, ' BODY=BINARYMIME');
    expect(await client.ask('DATA')).toMatch(/^503/);
    expect(await chunk(client, `From: a@example.org\nX: y\r\n\r\nText`, true)).toMatch(/^550 5\.6\.0/);
  });

  test('a submitted one is encoded before it is signed and goes to every host', async () => {
    const client = await SmtpClient.open(submission.ports.submission);
    clients.push(client);
    await client.startTls();
    expect(await client.signIn(address, password)).toMatch(/^235/);
    expect(await client.ask(`MAIL FROM:<${address}> BODY=BINARYMIME`)).toMatch(/^250/);
    expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(/^250/);
    const own = Buffer.from(binary.toString('latin1').replace('a@example.org', address), 'latin1');
    expect(await chunk(client, own, true)).toMatch(/^250/);
    const queue = await startQueue(opened.services);
    try {
      await eventually('the letter', async () => (await storedMessages(opened.services.store, account)).length === 1);
    } finally {
      await queue.close(1000);
    }
    const text = (await only()).toString('latin1');
    expect(text).toMatch(/Content-Transfer-Encoding: base64/);
    const body = text.slice(text.indexOf('\r\n\r\n') + 4);
    expect(Buffer.from(body, 'base64').equals(octets)).toBe(true);
  });
});
