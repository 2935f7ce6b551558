import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { answerQuestion, parseAnswer } from '#mail-server/events/operator-questions.ts';
import { type RunningImap, startImap } from '#mail-server/imap/imap-server.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { TestImap } from '#tests/support/imap-client.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';

// Two processes, as on two machines: what the operator asks, each of them answers.

interface Process {
  opened: TestServices;
  imap: RunningImap;
}

const password = 'fünf Hunde im Nebel';
let database: TestDatabase;
let processes: Process[];
let max: AccountId;

beforeAll(async () => {
  database = await createTestDatabase();
  processes = await Promise.all([start(), start()]);
  max = await createAccount(database.url, 'max@muster.at');
  const eva = await createAccount(database.url, 'eva@muster.at');
  for (const account of [max, eva]) await setPassword(database.url, account, password);
});
afterAll(async () => {
  for (const { imap, opened } of processes) {
    await imap.close(200);
    await opened.close();
  }
  await database.drop();
});
beforeEach(async () => {
  for (const again of ['delete from web_session', 'delete from audit_event', `update mailbox set status = 'active'`])
    await sql(database.url, again);
});

async function start(): Promise<Process> {
  const opened = await openTestServices(database.url);
  return { opened, imap: await startImap(opened.services) };
}
async function signedIn(index: number, address: string): Promise<TestImap> {
  const client = await TestImap.connect(processes[index]?.imap.ports.imaps ?? 0, true);
  await client.ok(Buffer.from(`LOGIN ${address} "${password}"`));
  return client;
}

const run = promisify(execFile);
const mailboxes = async (...args: string[]): Promise<string> => {
  const { stdout } = await run(process.execPath, ['mail-server/auth/mailboxes-command.ts', ...args], {
    env: { ...process.env, DATABASE_URL: database.url, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  return stdout;
};

test('"who" shows who is signed in to each process, and "kick" ends that there and in the web', async () => {
  const clients = [await signedIn(0, 'max@muster.at'), await signedIn(1, 'max@muster.at'), await signedIn(1, 'eva@muster.at')];
  const who = await mailboxes('who');
  expect(who).toMatch(/^ +2 {2}imap .*127\.0\.0\.1 .*max@muster\.at$/m);
  expect(who).toMatch(/^ +1 {2}imap .*127\.0\.0\.1 .*eva@muster\.at$/m);
  const lines = (await mailboxes('who', '@muster.at', '--json')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ address: 'eva@muster.at', protocol: 'imap', credential: 'password' }),
  );
  expect(await mailboxes('who', 'nobody@muster.at')).toBe('Nobody is connected.\n');

  await sql(
    database.url,
    `insert into web_session (hash, mailbox_id, credential_version, expires_at, program, network)
     values ('\\x01', $1, 1, now() + interval '1 day', 'Firefox', '192.0.2.0/24')`,
    [max],
  );
  expect(await mailboxes('kick', 'Max@muster.at')).toBe('2 connections ended.\n1 sign-in to the web ended.\n');
  expect(await mailboxes('who')).not.toContain('max@');
  const [one, two, eva] = clients;
  for (const ended of [one, two]) await expect(ended?.ok('NOOP')).rejects.toThrow();
  await eva?.ok('NOOP');
  expect(await mailboxes('kick', '127.0.0.1')).toBe('1 connection ended.\n');
  await mailboxes('kick', '@muster.at');
  await mailboxes('kick', 'nobody@muster.at');
  const noted = await sql(
    database.url,
    `select actor, subject, customer_id = (select customer_id from mailbox where id = $1) as own from audit_event
      where action = 'connections.ended' order by id`,
    [max],
  );
  expect(noted).toEqual([
    { actor: 'system', subject: 'max@muster.at', own: true },
    { actor: 'system', subject: '127.0.0.1', own: null },
    { actor: 'system', subject: 'muster.at', own: true },
  ]);
  for (const client of clients) client.end();
}, 300_000);

test('"suspend" ends what a mailbox has open and lets nobody in, until "resume"; its customer can see that', async () => {
  const client = await signedIn(1, 'max@muster.at');
  expect(await mailboxes('suspend', 'max@muster.at')).toBe('max@muster.at is suspended: nobody signs in, and what was open is ended.\n');
  await expect(client.ok('NOOP')).rejects.toThrow();
  await expect(signedIn(0, 'max@muster.at')).rejects.toThrow();
  expect(await mailboxes('suspend', 'max@muster.at')).toContain('was suspended already');
  expect(await mailboxes('resume', 'max@muster.at')).toBe('max@muster.at works again.\n');
  expect(await mailboxes('resume', 'max@muster.at')).toBe('max@muster.at was not suspended.\n');
  (await signedIn(0, 'max@muster.at')).end();
  await expect(mailboxes('suspend', '@muster.at')).rejects.toMatchObject({ code: 2 });
  await expect(mailboxes('suspend', 'nobody@muster.at')).rejects.toMatchObject({ code: 1, stderr: 'There is no such mailbox.\n' });
  const noted = await sql(
    database.url,
    `select actor, action, subject from audit_event where action like 'mailbox.%' and customer_id = (select customer_id from mailbox where id = $1) order by id`,
    [max],
  );
  expect(noted).toEqual([
    { actor: 'system', action: 'mailbox.suspended', subject: 'max@muster.at' },
    { actor: 'system', action: 'mailbox.resumed', subject: 'max@muster.at' },
  ]);
}, 300_000);

test('what one process has to say may be more than one message of the database holds', () => {
  const connection = {
    address: `${'ä'.repeat(30)}@muster.at` as never,
    protocol: 'imap' as const,
    remoteAddress: '2001:db8::1',
    credential: 'app-password' as const,
    since: Date.UTC(2026, 10, 29),
  };
  const all = Array.from({ length: 500 }, () => connection);
  const payloads = answerQuestion({ id: 'a', ask: 'who', about: null }, { signedIn: () => all, end: () => 0 }, 'host/1');
  expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8000);
  const answers = payloads.map(parseAnswer);
  expect(answers.map((answer) => answer?.parts)).toEqual(payloads.map(() => payloads.length));
  expect(answers.flatMap((answer) => answer?.signedIn ?? [])).toEqual(all);
});

test.each([
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['fe80:0::1%eth0', 'fe80::1%eth0'],
])('a client is found by its address however the operator writes it: %s', (about, remoteAddress) => {
  const connection = {
    address: 'max@muster.at' as never,
    protocol: 'imap' as const,
    remoteAddress,
    credential: 'password' as const,
    since: 0,
  };
  const here = { signedIn: () => [connection, { ...connection, remoteAddress: '192.0.2.8' }], end: () => 0 };
  const answers = answerQuestion({ id: 'a', ask: 'who', about }, here, 'host/1').map(parseAnswer);
  expect(answers.flatMap((answer) => answer?.signedIn ?? [])).toEqual([connection]);
});

test('"list" shows what mailboxes hold, and when they signed in last', async () => {
  await sql(
    database.url,
    `update mailbox set quota_bytes = 1048576, last_login_at = '2026-11-28 10:00:00+00' where address = 'max@muster.at'`,
  );
  await sql(database.url, `update account_counter set used_bytes = 786432, used_messages = 12 where account_id = $1`, [max]);
  expect(await mailboxes('list', 'max@muster.at')).toMatch(/768\.0 KiB +1\.0 MiB +75% +12 {2}2026-11-28 10:00:00 {2}max@muster\.at$/m);
  expect(JSON.parse(await mailboxes('list', 'max@muster.at', '--json'))).toMatchObject({ usedBytes: 786432, quotaBytes: 1048576 });
  for (const unknown of [['@fremd.at'], ['niemand@muster.at'], ['niemand@muster.at', '--json']])
    await expect(mailboxes('list', ...unknown)).rejects.toMatchObject({ code: 1, stdout: '', stderr: 'There is no such mailbox.\n' });
});
