import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { signMailboxToken } from '#lib/auth/mailbox-token.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { GuessDelay, usualGuessDelay } from '#mail-server/auth/guess-delay.ts';
import { startImap, type RunningImap } from '#mail-server/imap/imap-server.ts';
import { startManageSieve, type RunningManageSieve } from '#mail-server/managesieve/managesieve-server.ts';
import { startPop3, type RunningPop3 } from '#mail-server/pop3/pop3-server.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import { RecipientGuesses } from '#mail-server/smtp/recipient-guesses.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { startSubmission, type RunningSubmission } from '#mail-server/smtp/submission-server.ts';
import { sharedGuesses } from '#mail-server/store/guesses.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { LineClient } from '#tests/support/line-client.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';

type Protocol = 'imap' | 'pop3' | 'submission' | 'smtp' | 'managesieve';

const stepMs = 120;
const password = 'drei Katzen im Regen';
let database: TestDatabase;
let opened: TestServices;
let imap: RunningImap;
let pop3: RunningPop3;
let submission: RunningSubmission;
let mx: RunningSmtp;
let managesieve: RunningManageSieve;
let account: AccountId;
let address: string;
let serial = 0;
const clients: LineClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const settings = { cleartextLoginOnLoopback: true, connectionsPerAddress: 6, connectionsPerMailbox: 8 };
  opened = await openTestServices(database.url, settings, {}, { stepMs, mostMs: 10 * stepMs, patienceMs: 15 * stepMs });
  imap = await startImap(opened.services);
  pop3 = await startPop3(opened.services);
  submission = await startSubmission({ ...opened.services, secret: testSecret });
  mx = await startMx(opened.services);
  managesieve = await startManageSieve(opened.services);
});
afterAll(async () => {
  await Promise.all([imap.close(500), pop3.close(500), submission.close(500), mx.close(500), managesieve.close(500)]);
  await opened.close();
  await database.drop();
});
beforeEach(async () => {
  address = `max${++serial}@muster.at`;
  account = await createAccount(database.url, address);
  await setPassword(database.url, account, password);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await sql(database.url, 'delete from login_throttle');
  await sql(database.url, 'delete from failed_secret');
});

const portOf = (protocol: Protocol): number =>
  ({
    imap: imap.ports.imap,
    pop3: pop3.ports.pop3,
    submission: submission.ports.submission,
    smtp: mx.port,
    managesieve: managesieve.port,
  })[protocol];

/** Each test comes from a network of its own. */
const open = async (protocol: Protocol, from = `127.1.${serial}.1`): Promise<LineClient> => {
  const client = await LineClient.open(portOf(protocol), { from });
  clients.push(client);
  await (protocol === 'managesieve' ? client.bytesUntil('ready"\r\n') : client.line());
  if (protocol === 'submission') {
    client.send('EHLO client.test\r\n');
    await client.bytesUntil('250 AUTH PLAIN LOGIN OAUTHBEARER\r\n');
  }
  return client;
};
const plain = (secret: string): string => Buffer.from(`\0${address}\0${secret}`).toString('base64');
const signIn = (client: LineClient, protocol: Protocol, secret: string): Promise<string | null> => {
  if (protocol === 'imap') return client.ask(`a LOGIN ${address} "${secret}"`);
  return client.ask(`AUTH PLAIN ${plain(secret)}`);
};
const took = async <T>(action: () => Promise<T>): Promise<[T, number]> => {
  const started = performance.now();
  return [await action(), performance.now() - started];
};

/** Of guesses that were made at the same moment each waits for those before it, and a step longer than the last of them. */
function expectOneAfterTheOther(times: number[]): void {
  for (const [index, ms] of times.toSorted((left, right) => left - right).entries())
    expect(ms).toBeGreaterThan((stepMs * (index + 1) * (index + 2)) / 2 - 20);
}

describe.each(['imap', 'pop3', 'submission'] as const)('guessing over %s', (protocol) => {
  test('is answered later and later, and the third wrong answer is the last', async () => {
    const client = await open(protocol);
    const waits: number[] = [];
    for (let guess = 0; guess < 3; guess++) {
      const [answer, ms] = await took(() => signIn(client, protocol, `wrong ${guess}`));
      expect(answer).toMatch(/^(a NO|-ERR|535|421)/);
      waits.push(ms);
    }
    for (const [index, ms] of waits.entries()) expect(ms).toBeGreaterThan((index + 1) * stepMs - 20);
    while ((await client.line()) !== null);
  });

  test('over many connections at once is answered one after the other', async () => {
    const guessers = await Promise.all(Array.from({ length: 4 }, () => open(protocol)));
    const answers = await Promise.all(guessers.map((client, index) => took(() => signIn(client, protocol, `wrong ${index}`))));
    expectOneAfterTheOther(answers.map(([, ms]) => ms));
  });

  test('does not slow down the right password', async () => {
    const guesser = await open(protocol);
    const owner = await open(protocol);
    const guess = signIn(guesser, protocol, 'wrong');
    const [answer, ms] = await took(() => signIn(owner, protocol, password));
    expect(answer).toMatch(/^(a OK|\+OK|235)/);
    await guess;
    expect(ms).toBeLessThan(10_000);
  });
});

test('guesses over one protocol slow down the others', async () => {
  await signIn(await open('imap'), 'imap', 'wrong 1');
  await signIn(await open('pop3'), 'pop3', 'wrong 2');
  const client = await open('submission');
  const [, ms] = await took(() => signIn(client, 'submission', 'wrong 3'));
  expect(ms).toBeGreaterThan(3 * stepMs - 20);
});

describe('a host that tries addresses', () => {
  const guess = async (from: string, addresses: readonly string[]): Promise<{ answers: (string | null)[]; ms: number }> => {
    const client = await open('smtp', from);
    await client.ask('HELO client.test');
    await client.ask('MAIL FROM:<a@example.org>');
    const answers: (string | null)[] = [];
    const [, ms] = await took(async () => {
      for (const each of addresses) answers.push(await client.ask(`RCPT TO:<${each}>`));
    });
    client.destroy();
    return { answers, ms };
  };
  /** An answer of its was put off, and all processes know that. */
  const isSlowed = async (host: string): Promise<boolean> =>
    (await sql(database.url, 'select 1 from guess_delay where key = $1', [`recipient|${host}`])).length > 0;
  const nobody = (count: number): string[] => Array.from({ length: count }, (_, index) => `nobody${index}@muster.at`);

  test('is counted over its connections: a new one for every few guesses gets it no further', async () => {
    const host = `127.2.${serial}.1`;
    for (let connection = 0; connection < 4; connection++) await guess(host, nobody(5));
    const { answers, ms } = await guess(host, nobody(1));
    expect(answers[0]).toMatch(/^550 5\.1\.1 /);
    expect(ms).toBeGreaterThan(usualGuessDelay.stepMs - 20);
    expect(await isSlowed(host)).toBe(true);
    // its neighbour in a large provider's network does not pay for it
    const neighbour = `127.2.${serial}.2`;
    await guess(neighbour, nobody(1));
    expect(await isSlowed(neighbour)).toBe(false);
  });

  test('is counted anew where it found somebody, but not for more than a hundred in ten minutes', () => {
    let now = 0;
    const guesses = new RecipientGuesses(new GuessDelay(), () => now);
    const unknown = (count: number): boolean[] => Array.from({ length: count }, () => guesses.unknown('192.0.2.1'));
    for (let round = 0; round < 5; round++) {
      expect(unknown(20)).not.toContain(true);
      guesses.found('192.0.2.1');
    }
    expect(unknown(1)).toEqual([true]);
    now += 600_001;
    expect(unknown(20)).not.toContain(true);
    expect(unknown(1)).toEqual([true]);
  });

  test('elsewhere is not counted over connections, for it learns nothing of ours', async () => {
    const host = `127.2.${serial}.3`;
    for (let connection = 0; connection < 3; connection++) await guess(host, Array<string>(10).fill('eva@elsewhere.example'));
    await guess(host, nobody(1));
    expect(await isSlowed(host)).toBe(false);
  });
});

describe('over several processes', () => {
  test('guesses are slowed down as over one', async () => {
    const settings = { cleartextLoginOnLoopback: true };
    const second = await openTestServices(database.url, settings, {}, { stepMs, mostMs: 10 * stepMs, patienceMs: 15 * stepMs });
    const elsewhere = await startPop3(second.services);
    try {
      await signIn(await open('imap'), 'imap', 'wrong 1');
      await signIn(await open('imap'), 'imap', 'wrong 2');
      const client = await LineClient.open(elsewhere.ports.pop3, { from: `127.1.${serial}.1` });
      clients.push(client);
      await client.line();
      const [, ms] = await took(() => signIn(client, 'pop3', 'wrong 3'));
      expect(ms).toBeGreaterThan(3 * stepMs - 20);
    } finally {
      await elsewhere.close(500);
      await second.close();
    }
  });

  test('guesses at the same time are answered one after the other', async () => {
    const processes = [1, 2, 3].map(() => new GuessDelay({ ...usualGuessDelay, stepMs }, sharedGuesses(opened.services.database, 'login')));
    const network = `several ${serial}`;
    expectOneAfterTheOther(await Promise.all(processes.map(async (process) => (await took(() => process.wrong(network)))[1])));
    expect(await new GuessDelay(usualGuessDelay, sharedGuesses(opened.services.database, 'login')).knownElsewhere(network)).toBe(true);
    expect(await new GuessDelay(usualGuessDelay, sharedGuesses(opened.services.database, 'recipient')).knownElsewhere(network)).toBe(false);
  });

  test('who tries addresses at one process is known to the others from the first unknown one', async () => {
    const second = await openTestServices(database.url);
    const elsewhere = await startMx(second.services);
    const from = `127.1.${serial}.1`;
    try {
      await new GuessDelay(usualGuessDelay, sharedGuesses(opened.services.database, 'recipient')).wrong(from);
      const client = await LineClient.open(elsewhere.port, { from });
      clients.push(client);
      await client.line();
      await client.ask('HELO client.test');
      await client.ask('MAIL FROM:<a@example.org>');
      const [answer, ms] = await took(() => client.ask('RCPT TO:<nobody@muster.at>'));
      expect(answer).toMatch(/^550/);
      expect(ms).toBeGreaterThan(usualGuessDelay.stepMs);
    } finally {
      await elsewhere.close(500);
      await second.close();
    }
  });
});

describe('a telephone with an old password', () => {
  test('locks nobody out: the same wrong one counts once', async () => {
    for (let attempt = 0; attempt < 8; attempt++) {
      const client = await open('imap');
      expect(await signIn(client, 'imap', 'yesterday')).toMatch(/^a NO \[AUTHENTICATIONFAILED\]/);
      client.destroy();
    }
    expect(await signIn(await open('imap'), 'imap', password)).toMatch(/^a OK/);
    expect(await sql(database.url, `select failures from login_throttle where key like 'network|%'`)).toEqual([{ failures: 1 }]);
  });
});

const clearPorts = ['imap', 'pop3', 'submission', 'smtp', 'managesieve'] as const;

describe.each(clearPorts)('what is no mail program, at %s', (protocol) => {
  test.each([
    'GET / HTTP/1.1',
    'POST /x HTTP/1.1',
    'HEAD * HTTP/1.0',
    'CONNECT mx.example.org:25 HTTP/1.1',
    'OPTIONS / HTTP/1.1',
    'PROPFIND /dav/ HTTP/1.1',
    'M-SEARCH * HTTP/1.1',
    'PRI * HTTP/2.0',
    'GET /',
    'Host: localhost',
    'user-agent: x',
  ])('is cut at once when it says %s', async (line) => {
    const client = await open(protocol);
    client.send(`${line}\r\nNOOP\r\na NOOP\r\nMAIL FROM:<a@example.org>\r\n`);
    expect(await client.line()).toBeNull();
  });

  test('is cut at once when it begins TLS where a command should stand', async () => {
    const client = await open(protocol);
    client.send(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]));
    await client.closed();
  });
});

test('an IMAP tag may be called like a verb of HTTP', async () => {
  const client = await open('imap');
  expect(await client.ask('GET NOOP')).toMatch(/^GET OK/);
  expect(await client.ask('POST CAPABILITY')).toMatch(/^\* CAPABILITY/);
  expect(await client.line()).toMatch(/^POST OK/);
  expect(await client.ask('a SELECT HTTP/1')).toMatch(/^a (BAD|NO)/);
});

describe('our own web', () => {
  const bearer = async (mailbox: string, id: AccountId): Promise<string> => {
    const parsed = parseEmailAddress(mailbox) ?? expect.fail(mailbox);
    const token = await signMailboxToken({ address: parsed, accountId: id, credentialVersion: 2 }, testSecret, 60);
    return Buffer.from(`n,a=${mailbox},\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64');
  };
  const byToken = async (protocol: 'imap' | 'submission', mailbox = address, id = account): Promise<string | null> => {
    const client = await open(protocol);
    if (protocol === 'imap') return client.ask(`a AUTHENTICATE OAUTHBEARER ${await bearer(mailbox, id)}`);
    return client.ask(`AUTH OAUTHBEARER ${await bearer(mailbox, id)}`);
  };

  test('is limited by mailbox and not by address', async () => {
    for (let count = 0; count < 8; count++) expect(await byToken(count % 2 ? 'imap' : 'submission')).toMatch(/^(a OK|235)/);
    expect(await byToken('imap')).toMatch(/^a NO \[LIMIT\]/);
    expect(await byToken('submission')).toMatch(/^421 4\.7\.0 /);
    const erika = `erika${serial}@muster.at`;
    const other = await createAccount(database.url, erika);
    await setPassword(database.url, other, password);
    expect(await byToken('imap', erika, other)).toMatch(/^a OK/);
    for (const client of clients.splice(0)) client.destroy();
    await expect.poll(() => byToken('imap')).toMatch(/^a OK/);
  });

  test('is counted like everybody else until it has signed in', async () => {
    const waiting = await Promise.all(Array.from({ length: 6 }, () => open('imap')));
    expect(waiting).toHaveLength(6);
    const socket = connect({ port: imap.ports.imap, host: '127.0.0.1', localAddress: `127.1.${serial}.1` });
    const first = await new Promise<string>((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString())));
    expect(first).toMatch(/^\* BYE/);
    socket.destroy();
  });
});
