import type { TLSSocket } from 'node:tls';
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { mechanismNames } from '#mail-server/auth/sasl/exchange.ts';
import { createScramNotice } from '#mail-server/auth/scram-notice.ts';
import { type RunningImap, startImap } from '#mail-server/imap/imap-server.ts';
import { type RunningManageSieve, startManageSieve } from '#mail-server/managesieve/managesieve-server.ts';
import { type RunningPop3, startPop3 } from '#mail-server/pop3/pop3-server.ts';
import { type RunningSubmission, startSubmission } from '#mail-server/smtp/submission-server.ts';
import { isInstalled, runProgram } from '#tests/clients/program.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { LineClient } from '#tests/support/line-client.ts';
import { addAppPassword, setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { ScramClient } from '#tests/support/scram-client.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';

let database: TestDatabase;
let opened: TestServices;
let imap: RunningImap;
let pop3: RunningPop3;
let submission: RunningSubmission;
let sieve: RunningManageSieve;
let account: AccountId;
let address: string;
let appPassword: string;
let serial = 0;
const own = 'drei Katzen im Regen';
const clients: LineClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url, {}, { POSTAMT_LOGIN_FAILURES: '3' });
  imap = await startImap(opened.services);
  pop3 = await startPop3(opened.services);
  submission = await startSubmission({ ...opened.services, secret: testSecret });
  sieve = await startManageSieve(opened.services);
});
afterAll(async () => {
  for (const server of [imap, pop3, submission, sieve]) await server.close(1000);
  await opened.close();
  await database.drop();
});
beforeEach(async () => {
  address = `max${++serial}@muster.at`;
  account = await createAccount(database.url, address);
  await setPassword(database.url, account, own);
  appPassword = await addAppPassword(database.url, account);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const text = (line: string | null): string => Buffer.from((line ?? '').replace(/^(\+ |334 |")|"$/g, ''), 'base64').toString();
interface Given {
  mechanism?: string;
  user?: string;
  password?: string;
  binding?: 'none' | 'y' | 'tls-exporter' | 'tls-server-end-point' | 'tls-unique';
  bindingData?: Buffer;
  secure?: TLSSocket;
}

const bindingOf = ({ binding = 'none', bindingData, secure }: Given): { gs2Header: string; bindingData: Buffer } => {
  if (binding === 'none' || binding === 'y') return { gs2Header: binding === 'y' ? 'y,,' : 'n,,', bindingData: Buffer.alloc(0) };
  const certificate = secure?.getPeerX509Certificate();
  const data =
    bindingData ??
    (binding === 'tls-exporter'
      ? secure?.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
      : certificate && createHash('sha256').update(certificate.raw).digest());
  return { gs2Header: `p=${binding},,`, bindingData: data ?? Buffer.alloc(0) };
};

/** Signs in over POP3 behind STLS and tells how it ended; a server that proves nothing is left. */
const overPop3 = async (given: Given): Promise<string> => {
  const client = await LineClient.open(pop3.ports.pop3);
  clients.push(client);
  await client.line();
  await client.ask('STLS');
  const secure = await client.startTls();
  const scram = new ScramClient({
    user: given.user ?? address,
    password: given.password ?? appPassword,
    ...bindingOf({ ...given, secure }),
  });
  const challenge = (await client.ask(`AUTH ${given.mechanism ?? 'SCRAM-SHA-256'} ${base64(scram.first)}`)) ?? '';
  if (!challenge.startsWith('+ ')) return challenge;
  const final = (await client.ask(base64(scram.final(text(challenge))))) ?? '';
  if (!final.startsWith('+ ')) return final;
  if (!scram.trusts(text(final))) return 'the server proved nothing';
  return (await client.ask('')) ?? '';
};

describe.skipIf(!isInstalled('gsasl'))('gsasl', () => {
  const gsasl = async (protocol: '--imap' | '--smtp', port: number, ...more: string[]) =>
    runProgram('gsasl', [
      protocol,
      `--connect=localhost:${port}`,
      '--starttls',
      `--x509-ca-file=${opened.certificates.ca}`,
      '-a',
      address,
      ...more,
    ]);

  test.each(['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'])('%s lets an app password in, over IMAP and over SMTP', async (mechanism) => {
    for (const [protocol, port] of [
      ['--imap', imap.ports.imap],
      ['--smtp', submission.ports.submission],
    ] as const) {
      // what it proves is what is checked: without channel binding in its hands it says so
      const right = await gsasl(protocol, port, '-m', mechanism, '-p', appPassword, ...(mechanism.endsWith('PLUS') ? [] : ['--no-cb']));
      expect(right.status, right.output).toBe(0);
      const wrong = await gsasl(protocol, port, '-m', mechanism, '-p', own, ...(mechanism.endsWith('PLUS') ? [] : ['--no-cb']));
      expect(wrong.status, wrong.output).not.toBe(0);
    }
  });
});

test('SCRAM is named as soon as somebody has an app password for it, and not before', async () => {
  const { directory, log } = opened.services;
  await sql(database.url, 'update app_password set revoked_at = now()');
  expect(await directory.hasScramKeys()).toBe(false);
  const named = createScramNotice(directory, log);
  expect(named()).toBe(false);
  expect(mechanismNames(null, { namesScram: named() })).not.toContain('SCRAM-SHA-256');
  await addAppPassword(database.url, account);
  await expect.poll(named).toBe(true);
});

test('mechanisms are named behind TLS by all four protocols and not before it; XOAUTH2, for which no program has a token, never', async () => {
  await expect.poll(() => opened.services.authenticator.namesScram).toBe(true);
  const named = async (port: number, question: string, startTls: string, lines: number): Promise<[string, string]> => {
    const client = await LineClient.open(port);
    clients.push(client);
    const read = async (until: RegExp): Promise<string> => {
      let all = '';
      for (let line = await client.line(); line !== null; line = await client.line()) {
        all += `${line}\n`;
        if (until.test(line)) break;
      }
      return all;
    };
    const end = [/^[.]$|^a OK|^250 |^OK/, /^\* OK|^\+OK|^220 |^OK/] as const;
    await read(end[1]);
    client.send(`${question}\r\n`);
    const before = await read(end[0]);
    client.send(`${startTls}\r\n`);
    await read(/OK|220 /);
    await client.startTls();
    if (lines > 0) await read(end[0]);
    client.send(`${question}\r\n`);
    return [before, await read(end[0])];
  };
  for (const [before, after] of await Promise.all([
    named(imap.ports.imap, 'a CAPABILITY', 'a STARTTLS', 0),
    named(pop3.ports.pop3, 'CAPA', 'STLS', 0),
    named(submission.ports.submission, 'EHLO test', 'STARTTLS', 0),
    named(sieve.port, 'CAPABILITY', 'STARTTLS', 1),
  ])) {
    expect(before).not.toContain('SCRAM');
    expect(after).toMatch(/SCRAM-SHA-256\b/);
    expect(after).toContain('SCRAM-SHA-256-PLUS');
    expect(after).not.toContain('XOAUTH2');
  }
});

test('ManageSieve takes a proof, and the use of the app password is noted', async () => {
  const client = await LineClient.open(sieve.port);
  clients.push(client);
  const answer = async (): Promise<string> => {
    for (let line = await client.line(); line !== null; line = await client.line()) if (/^(OK|NO|BYE)/.test(line)) return line;
    return '';
  };
  await answer();
  client.send('STARTTLS\r\n');
  await answer();
  await client.startTls();
  await answer();
  const scram = new ScramClient({ user: address, password: appPassword });
  const challenge = await client.ask(`AUTHENTICATE "SCRAM-SHA-256" "${base64(scram.first)}"`);
  const final = await client.ask(`"${base64(scram.final(text(challenge)))}"`);
  expect(scram.trusts(text(final))).toBe(true);
  expect(await client.ask('""')).toMatch(/^OK/);
  const [used] = await sql(database.url, 'select last_protocol from app_password where mailbox_id = $1', [account]);
  expect(used?.['last_protocol']).toBe('managesieve');
});

describe('channel binding', () => {
  test.each(['tls-exporter', 'tls-server-end-point'] as const)('%s is checked against this very session', async (binding) => {
    expect(await overPop3({ mechanism: 'SCRAM-SHA-256-PLUS', binding })).toMatch(/^\+OK/);
    expect(await overPop3({ mechanism: 'SCRAM-SHA-256-PLUS', binding, bindingData: Buffer.alloc(32, 7) })).toMatch(/^-ERR/);
  });

  test('a client that was told of no PLUS hears that there is one, and contradictions end the exchange', async () => {
    expect(await overPop3({ binding: 'y' })).toMatch(/^-ERR/);
    expect(await overPop3({ binding: 'tls-exporter' })).toMatch(/^-ERR/);
    expect(await overPop3({ mechanism: 'SCRAM-SHA-256-PLUS', binding: 'none' })).toMatch(/^-ERR/);
    expect(await overPop3({ mechanism: 'SCRAM-SHA-256-PLUS', binding: 'tls-unique' })).toMatch(/^-ERR/);
  });
});

describe('who gets in', () => {
  test('each of a mailbox’s app passwords, one without keys by PLAIN only', async () => {
    const second = await addAppPassword(database.url, account);
    expect(await overPop3({ password: second })).toMatch(/^\+OK/);
    await sql(database.url, 'update app_password set scram_keys = null where mailbox_id = $1', [account]);
    expect(await overPop3({})).toMatch(/^-ERR \[AUTH\]/);
  });

  test('neither the mailbox’s own password nor another’s app password nor a revoked one, which is not counted', async () => {
    const other = await createAccount(database.url, `other${serial}@muster.at`);
    expect(await overPop3({ password: own })).toMatch(/^-ERR \[AUTH\].*app password/);
    expect(await overPop3({ password: await addAppPassword(database.url, other) })).toMatch(/^-ERR \[AUTH\]/);
    const current = await addAppPassword(database.url, account);
    await sql(
      database.url,
      'update app_password set revoked_at = now() where mailbox_id = $1 and id = (select min(id) from app_password where mailbox_id = $1)',
      [account],
    );
    for (let index = 0; index < 4; index++) expect(await overPop3({})).toMatch(/^-ERR \[AUTH\]/);
    expect(await overPop3({ password: current })).toMatch(/^\+OK/);
  });

  test('nobody hears from the salt whether a mailbox exists: it is as long and stays the same', async () => {
    const { authenticator } = opened.services;
    const salts = await Promise.all(
      [address, 'nobody@muster.at', 'nobody@muster.at', 'nonsense'].map((user) => authenticator.scramSalt(user)),
    );
    expect(salts.map(({ length }) => length)).toEqual([32, 32, 32, 32]);
    expect(salts[1]).toEqual(salts[2]);
    expect(salts[0]).not.toEqual(salts[1]);
    expect(await overPop3({ user: `nobody${serial}@muster.at` })).toMatch(/^-ERR \[AUTH\]/);
  });

  test('a suspended mailbox is told so only by who has the password', async () => {
    await sql(database.url, "update mailbox set status = 'suspended' where id = $1", [account]);
    expect(await overPop3({})).toMatch(/^-ERR \[SYS\/PERM\]/);
  });

  test('guesses are counted like passwords, and keep no app password out', async () => {
    for (let index = 0; index < 3; index++) await overPop3({ password: `guess ${index}` });
    expect(await overPop3({ password: 'guess 3' })).toMatch(/^-ERR \[SYS\/TEMP\]/);
    expect(await overPop3({})).toMatch(/^\+OK/);
  });
});
