import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { basePorts } from '#lib/config/config.ts';
import { sealSecret } from '#lib/auth/secret-box.ts';
import { type Certificates, ensureCertificates } from '#lib/launcher/certificates.ts';
import { checkSecret } from '#mail-server/store/check-secret.ts';
import { openDatabase } from '#mail-server/store/postgres/database.ts';
import { LineClient } from '#tests/support/line-client.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { firstMessage, startMailProcess } from '#tests/support/mail-process.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { reservePortOffset } from '#tests/support/ports.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { testSecret } from '#tests/support/services.ts';

let database: TestDatabase;
let directory: string;
let certificates: Certificates;
let offset: number;
beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'postamt-process-'));
  certificates = await ensureCertificates(directory, 'localhost');
  offset = await reservePortOffset();
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await database.drop();
});

const start = (environment?: Record<string, string | undefined>): ChildProcess =>
  startMailProcess({ databaseUrl: database.url, certificates, portOffset: offset }, environment);
const ready = async (child: ChildProcess): Promise<number> => {
  const message = await firstMessage(child);
  expect(message).toEqual({ type: 'ready', metricsPort: expect.any(Number) });
  return (message as { metricsPort: number }).metricsPort;
};

describe('a mail-server process', () => {
  test('says when it is ready, is well, counts, and ends cleanly on SIGTERM with clients connected', async () => {
    const child = start();
    const port = await ready(child);
    const client = await LineClient.open(basePorts.pop3 + offset);
    expect(await client.line()).toMatch(/^\+OK/);
    const health = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('postamt_connections{service="pop3"} 1');
    const ends = new X509Certificate(await readFile(certificates.cert)).validToDate.getTime() / 1000;
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain(`postamt_certificate_expires_seconds ${ends}\n`);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    await client.closed();
  });

  test('who signs in, and who tries to, is found in its log by address', async () => {
    const address = 'gesucht@muster.at';
    await setPassword(database.url, await createAccount(database.url, address), 'richtig');
    const child = start({ POSTAMT_LOG_LEVEL: 'info' });
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await ready(child);
    for (const password of ['richtig', 'falsch']) {
      const client = await LineClient.open(basePorts.pop3s + offset, { tls: true });
      await client.line();
      client.send(`USER ${address}\r\nPASS ${password}\r\n`);
      await client.line();
      await client.line();
    }
    const lines = await eventually('both in the log', async () => {
      const found = said.split('\n').flatMap((line) => (line.includes(address) ? [JSON.parse(line)] : []));
      return found.length > 1 && found;
    });
    expect(lines.map(({ msg, user, remoteAddress }) => [msg, user, remoteAddress])).toEqual([
      ['login', address, '127.0.0.1'],
      ['login failed', address, '127.0.0.1'],
    ]);
  });

  test('ends when its launcher is gone', async () => {
    const child = start();
    await ready(child);
    child.disconnect();
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  test('shares its ports with a second one', async () => {
    const both = [start({ POSTAMT_MAIL_PROCESSES: '2' }), start({ POSTAMT_MAIL_PROCESSES: '2' })];
    await Promise.all(both.map(ready));
    const client = await LineClient.open(basePorts.pop3s + offset, { tls: true });
    expect(await client.line()).toMatch(/^\+OK/);
  });

  test('a port that is taken is named', async () => {
    const taken = createServer();
    await new Promise<void>((resolve, reject) => {
      taken.once('error', reject);
      taken.listen(basePorts.pop3 + offset, '127.0.0.1', resolve);
    });
    onTestFinished(() => {
      taken.close();
    });
    const child = start();
    expect(await firstMessage(child)).toEqual({ type: 'failed', message: `Port ${basePorts.pop3 + offset} is taken by another program.` });
    expect((await once(child, 'exit'))[0]).toBe(1);
  });

  test.each([
    [{ DATABASE_URL: 'postgresql://postamt@127.0.0.1:1/x' }, /^The database cannot be reached: connect ECONNREFUSED/],
    [{ POSTAMT_TLS_KEY: '/does/not/exist' }, /^\/does\/not\/exist cannot be read: ENOENT/],
    [{ POSTAMT_TLS_KEY: '/one.key,/two.key' }, /^POSTAMT_TLS_CERT names 1 files, POSTAMT_TLS_KEY 2: each certificate needs its key/],
    [{ POSTAMT_SECRET: undefined }, /^POSTAMT_SECRET is not set/],
    [{ POSTAMT_LINE_BYTES: '12' }, /^POSTAMT_LINE_BYTES=12: /],
  ])('%j does not start and says why', async (environment, sentence) => {
    const child = start(environment);
    const message = (await firstMessage(child)) as { message: string };
    expect(message).toEqual({ type: 'failed', message: expect.stringMatching(sentence) });
    expect((await once(child, 'exit'))[0]).toBe(1);
  });

  test('with a secret that opens none of the keys of the database it does not start; a key that is damaged keeps nobody from it', async () => {
    await createAccount(database.url, 'max@schluessel.at');
    const key = (sealed: string, domain: string) =>
      sql(database.url, 'update domain set dkim_private_key = $1 where name = $2', [sealed, domain]);
    await key(sealSecret('key', testSecret), 'schluessel.at');
    const child = start({ POSTAMT_SECRET: 'another secret of more than 32 characters' });
    expect(await firstMessage(child)).toEqual({
      type: 'failed',
      message: expect.stringMatching(/^POSTAMT_SECRET .* opens none of its DKIM keys/),
    });
    await createAccount(database.url, 'max@kaputt.at');
    await key('v1.damaged', 'kaputt.at');
    const opened = openDatabase({ connectionString: database.url });
    onTestFinished(() => opened.close());
    await checkSecret(opened, testSecret);
    await key('', 'schluessel.at');
    await key('', 'kaputt.at');
    await checkSecret(opened, 'a database without keys has no opinion on it');
  });
});
