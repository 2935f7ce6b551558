import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttps, type Server } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { withContexts } from '#mail-server/tls/server-certificate.ts';
import { unknownProvenance } from '#lib/mime/judgement.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { customerId } from '#lib/db/ids.ts';
import { ensureCertificates } from '#lib/launcher/certificates.ts';
import type { Running } from '#mail-server/services.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import { hasSecureHosts } from '#mail-server/queue/dane/find-dane.ts';
import { findStsPolicy } from '#mail-server/queue/sts/find-sts-policy.ts';
import { namesHost, parseStsPolicy, parseStsRecord } from '#mail-server/queue/sts/parse-sts-policy.ts';
import { startSubmission } from '#mail-server/smtp/submission-server.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { countsOf } from '#mail-server/store/reports/report-counts.ts';
import { enqueue, type NewQueueMessage } from '#mail-server/store/queue/queue-store.ts';
import type { MailServerSettings } from '#mail-server/settings.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { type DnsServer, startDnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { queuedLetter } from '#tests/support/queued-letter.ts';
import { type ScriptedHost, startScriptedHost } from '#tests/support/scripted-host.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let ours: TestDatabase;
let theirs: TestDatabase;
let dns: DnsServer;
let opened: TestServices;
let other: TestServices;
let mx: RunningSmtp;
let policyHost: Server;
let max: AccountId;
let erika: AccountId;
let directory: string;
let forMx: Awaited<ReturnType<typeof pem>>;
let worker: Running | null = null;
const hosts: ScriptedHost[] = [];
let port = 0;
/** what the policy host of example.org says, and how often it was asked */
let policy: { status: number; type: string; text: string } = { status: 200, type: 'text/plain', text: '' };
let asked = 0;
let serial = 0;

/** A certificate of our authority for `name`. */
const pem = async (name: string): Promise<{ cert: string; key: string; ca: string }> => {
  const files = await ensureCertificates(directory, name);
  const [cert = '', key = '', ca = ''] = await Promise.all([files.cert, files.key, files.ca].map((file) => readFile(file, 'utf8')));
  return { cert, key, ca };
};

beforeAll(async () => {
  [ours, theirs, dns] = await Promise.all([createTestDatabase(), createTestDatabase(), startDnsServer({})]);
  directory = await mkdtemp(join(tmpdir(), 'postamt-transport-'));
  forMx = await pem('mx1.example.org');
  const forPolicy = await pem('mta-sts.example.org');
  const free = createServer().listen(0, '127.0.0.31');
  await once(free, 'listening');
  const address = free.address();
  port = typeof address === 'object' && address ? address.port : 0;
  free.close();
  policyHost = createHttps(forPolicy, (request, response) => {
    asked++;
    const known = request.url === '/.well-known/mta-sts.txt' && request.headers.host?.startsWith('mta-sts.example.org');
    response.writeHead(known ? policy.status : 404, { 'content-type': policy.type, location: 'https://mta-sts.example.org/other' });
    response.end(policy.text);
  });
  policyHost.listen(0, '127.0.0.31');
  await once(policyHost, 'listening');
  const listening = policyHost.address();
  const stsPort = typeof listening === 'object' && listening ? listening.port : 0;
  const settings = {
    dnsServers: [dns.address],
    smtpPortOut: port,
    stsPort,
    authorities: [forMx.ca, forPolicy.ca],
    hostName: 'mail.muster.at',
    sendsReports: true,
  };
  opened = await openTestServices(ours.url, settings);
  max = await createAccount(ours.url, 'max@muster.at');
  other = await openTestServices(theirs.url, {
    dnsServers: [dns.address],
    hostName: 'mx1.example.org',
    listenAddress: '127.0.0.31',
    ports: { ...opened.services.settings.ports, smtp: port },
    tls: withContexts(forMx),
  });
  erika = await createAccount(theirs.url, 'erika@example.org');
  mx = await startMx(other.services);
});
afterAll(async () => {
  await mx.close(1000);
  policyHost.close();
  for (const services of [opened, other]) await services.close();
  await dns.close();
  await rm(directory, { recursive: true });
  for (const database of [ours, theirs]) await database.drop();
});
afterEach(async () => {
  await worker?.close(2000);
  worker = null;
  for (const host of hosts.splice(0)) await host.close();
  await sql(ours.url, 'delete from queue_message');
  await sql(ours.url, 'delete from sts_policy');
  await countsOf(opened.services.database).flush();
  await sql(ours.url, 'delete from report_count');
});

const say = (mode: string, mxs: string[], more: Partial<typeof policy> = {}): void => {
  policy = {
    status: 200,
    type: 'text/plain',
    text: `version: STSv1\r\nmode: ${mode}\r\n${mxs.map((name) => `mx: ${name}\r\n`).join('')}max_age: 86400\r\n`,
    ...more,
  };
};
/** The DNS of example.org; `policies`: it says that there is a policy. A new id each time, so that nothing is remembered from another test. */
const direct = (mxs: Record<string, string>, policies = true): void => {
  dns.zone = {
    'example.org': { MX: Object.keys(mxs).map((name, index) => [index, name]) },
    'mta-sts.example.org': { A: ['127.0.0.31'] },
    ...Object.fromEntries(Object.entries(mxs).map(([name, address]) => [name, { A: [address] }])),
    ...(policies ? { '_mta-sts.example.org': { TXT: [`v=STSv1; id=${++serial};`] } } : {}),
  };
};
const enqueueOurs = (more: Partial<NewQueueMessage> = {}) =>
  enqueue(
    opened.services.database.write,
    queuedLetter(['erika@example.org'], {
      customerId: customerId(1),
      accountId: max,
      sender: 'max@muster.at',
      content: Buffer.from(`From: max@muster.at\r\nSubject: x\r\n\r\nletter ${serial}\r\n`),
      provenance: { ...unknownProvenance, origin: 'submitted', submittedBy: max },
      ...more,
    }),
  );
const send = async (more: Partial<NewQueueMessage> = {}): Promise<void> => {
  await enqueueOurs(more);
  worker = await startQueue(opened.services);
};
const waitingReplies = async (): Promise<string[]> =>
  (await sql(ours.url, `select last_reply from queue_recipient where state = 'queued' and last_reply is not null`)).map((row) =>
    String(row['last_reply']),
  );
const arrived = () =>
  eventually('the letter', async () =>
    (await storedMessages(other.services.store, erika)).map(String).find((text) => text.endsWith(`letter ${serial}\r\n`)),
  );
const lastReply = () =>
  eventually('an attempt', async () => {
    const [row] = await sql(ours.url, `select state::text, last_reply from queue_recipient r where last_reply is not null`);
    return row && `${String(row['state'])}: ${String(row['last_reply'])}`;
  });
const scripted = async (extensions?: string[]): Promise<ScriptedHost> => {
  const host = await startScriptedHost(() => undefined, { host: '127.0.0.32', port, ...(extensions ? { extensions } : {}) });
  hosts.push(host);
  return host;
};

/** Another process: it remembers no failure. */
const fresh = (settings: Partial<MailServerSettings> = {}) => ({
  ...opened.services,
  settings: { ...opened.services.settings, ...settings },
});

describe('what a policy says', () => {
  test('is read as RFC 8461 writes it, and nothing else is a policy', () => {
    const text = 'version: STSv1\nmode: enforce\nmx: MX1.example.org\nmx: *.example.net\nmax_age: 604800\nfuture: x\n';
    expect(parseStsPolicy(text)).toEqual({ mode: 'enforce', mx: ['mx1.example.org', '*.example.net'], maxAgeS: 604_800 });
    for (const wrong of [
      text.replace('STSv1', 'STSv2'),
      text.replace('enforce', 'maybe'),
      text.replace('604800', 'long'),
      text.replace(/mx:.*\n/g, ''),
      text.replace('MX1.example.org', 'a b'),
      '<html>',
      '',
    ])
      expect(parseStsPolicy(wrong)).toBeNull();
    expect(parseStsPolicy('version: STSv1\nmode: none\nmax_age: 1\n')).toEqual({ mode: 'none', mx: [], maxAgeS: 1 });
  });

  test('a star stands for one label', () => {
    const { mx } = { mx: ['*.example.net', 'mx.example.org'] };
    const names = (host: string) => namesHost({ mode: 'enforce', mx }, host);
    expect(['a.example.net', 'mx.example.org'].map(names)).toEqual([true, true]);
    expect(['example.net', 'a.b.example.net', 'amx.example.org', '.example.net'].map(names)).toEqual([false, false, false, false]);
  });

  test('more than one record is none', () => {
    expect(parseStsRecord(['v=spf1 -all', 'v=STSv1; id=2026a;'])).toBe('2026a');
    expect(parseStsRecord(['v=STSv1; id=1;', 'v=STSv1; id=2;'])).toBeNull();
    expect(parseStsRecord(['v=STSv1; id=a-b;'])).toBeNull();
  });
});

test('the log says of each letter how its session was encrypted, and what that was worth', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const relayed = async (mxs: Record<string, string>, policies: boolean): Promise<unknown> => {
    direct(mxs, policies);
    await enqueueOurs();
    worker = await startQueue({ ...opened.services, log });
    const line = await eventually('the line', async () => lines.find(({ msg }) => msg === 'relayed'));
    await worker.close(2000);
    worker = null;
    lines.length = 0;
    return line?.['tls'];
  };
  say('enforce', ['mx1.example.org']);
  expect(await relayed({ 'mx1.example.org': '127.0.0.31' }, true)).toMatch(/^TLSv1\.3 TLS_AES_\w+ verified$/);
  await sql(ours.url, 'delete from sts_policy');
  expect(await relayed({ 'mx1.example.org': '127.0.0.31' }, false)).toMatch(/^TLSv1\.3 TLS_AES_\w+ untrusted$/);
  await scripted();
  expect(await relayed({ 'mx0.example.org': '127.0.0.32' }, false)).toBe('none');
});

describe('enforced', () => {
  test('a letter goes to a host with the right name and certificate', async () => {
    say('enforce', ['mx1.example.org']);
    direct({ 'mx1.example.org': '127.0.0.31' });
    await send();
    expect(await arrived()).toMatch(/with ESMTPS/);
    const [row] = await sql(ours.url, 'select mode from sts_policy');
    expect(row?.['mode']).toBe('enforce');
  });

  test('one without TLS, or with another’s certificate, gives way to the next', async () => {
    const clear = await scripted();
    say('enforce', ['*.example.org']);
    direct({ 'mx0.example.org': '127.0.0.32', 'mx2.example.org': '127.0.0.31', 'mx1.example.org': '127.0.0.31' });
    await send();
    expect(await arrived()).toMatch(/with ESMTPS/);
    expect(clear.sessions.flatMap(({ commands }) => commands).join()).not.toMatch(/MAIL/);
  });

  test('where no host may have it, the letter waits and nobody gets it', async () => {
    const clear = await scripted();
    say('enforce', ['mx0.example.org']);
    direct({ 'mx0.example.org': '127.0.0.32' });
    await send();
    expect(await lastReply()).toMatch(/^queued: 451 4\.7\.5 .*STARTTLS/);
    expect(clear.taken).toEqual([]);
  });

  test('a host that the policy does not name is not asked', async () => {
    const named = await scripted();
    say('enforce', ['mx1.example.org']);
    direct({ 'mx0.example.org': '127.0.0.32' });
    await send();
    expect(await lastReply()).toMatch(/^queued: 451 4\.7\.5 .*names none/);
    expect(named.sessions).toEqual([]);
  });

  test('what was fetched holds when the DNS is silent about it, and is not fetched again', async () => {
    const clear = await scripted();
    say('enforce', ['mx0.example.org']);
    direct({ 'mx0.example.org': '127.0.0.32' });
    await findStsPolicy(opened.services, 'example.org');
    const before = asked;
    await findStsPolicy(opened.services, 'example.org');
    expect(asked).toBe(before);
    direct({ 'mx0.example.org': '127.0.0.32' }, false);
    await send();
    expect(await lastReply()).toMatch(/STARTTLS/);
    expect(clear.taken).toEqual([]);
  });
});

describe('not enforced', () => {
  test.each([
    ['testing', () => say('testing', ['mx1.example.org'])],
    ['none', () => say('none', [])],
  ])('mode %s lets mail through as if there were no policy', async (_, speak) => {
    const clear = await scripted();
    speak();
    direct({ 'mx0.example.org': '127.0.0.32' });
    await send();
    await eventually('the letter', async () => clear.taken.length > 0);
  });

  test.each([
    ['a redirection', { status: 302 }],
    ['another type', { type: 'text/html' }],
    ['too much', { text: 'x'.repeat(70_000) }],
    ['not found', { status: 404 }],
  ])('%s is no policy, and is not asked for again at once', async (_, answer) => {
    say('enforce', ['mx1.example.org'], answer);
    direct({ 'mx1.example.org': '127.0.0.31' });
    const before = asked;
    const services = fresh();
    expect(await findStsPolicy(services, 'example.org')).toBeNull();
    expect(await findStsPolicy(services, 'example.org')).toBeNull();
    expect(asked).toBe(before + 1);
  });

  test('a policy host whose certificate nobody vouches for is not believed', async () => {
    say('enforce', ['mx1.example.org']);
    direct({ 'mx1.example.org': '127.0.0.31' });
    expect(await findStsPolicy(fresh({ authorities: null }), 'example.org')).toBeNull();
    expect(await findStsPolicy(fresh(), 'example.org')).toMatchObject({ mode: 'enforce' });
  });
});

describe('REQUIRETLS', () => {
  test('is offered and taken under TLS only, by MAIL without a value', async () => {
    const own = await startMx(opened.services);
    const client = await SmtpClient.open(own.port);
    try {
      expect(await client.ask('EHLO client.test')).not.toContain('REQUIRETLS');
      expect(await client.ask('MAIL FROM:<a@example.org> REQUIRETLS')).toMatch(/^555/);
      await client.startTls();
      expect(await client.ask('EHLO client.test')).toContain('REQUIRETLS');
      expect(await client.ask('MAIL FROM:<a@example.org> REQUIRETLS=1')).toMatch(/^501/);
      expect(await client.ask('MAIL FROM:<a@example.org> REQUIRETLS')).toMatch(/^250/);
      expect(await client.ask('RCPT TO:<max@muster.at>')).toMatch(/^250/);
    } finally {
      client.close();
      await own.close(1000);
    }
  });

  test('a letter with it goes to a host that a policy vouches for and that promises the same', async () => {
    say('enforce', ['mx1.example.org']);
    direct({ 'mx1.example.org': '127.0.0.31' });
    await send({ requireTls: true });
    expect(await arrived()).toMatch(/with ESMTPS/);
  });

  test('without a policy it goes nowhere, and its sender hears why by the same way', async () => {
    direct({ 'mx1.example.org': '127.0.0.31' }, false);
    serial++;
    await send({ requireTls: true });
    const report = await eventually('the report', async () => (await storedMessages(opened.services.store, max)).map(String).at(-1));
    expect(report).toMatch(/5\.7\.30/);
    expect((await storedMessages(other.services.store, erika)).some((each) => each.includes(`letter ${serial}\r\n`))).toBe(false);
  });
});

describe('TLS-Required: No', () => {
  test('lets a letter go where a policy forbids it, and no other letter with it', async () => {
    const clear = await scripted();
    say('enforce', ['mx1.example.org']);
    direct({ 'mx0.example.org': '127.0.0.32' });
    const strict = `Subject: strict\r\n\r\nletter\r\n`;
    const letters = (text: string) => ({ content: Buffer.from(`From: max@muster.at\r\n${text}`) });
    for (const count of [1, 2, 3]) await enqueueOurs(letters(`X-Count: ${count}\r\n${strict}`));
    await enqueueOurs({ ...letters('TLS-Required: No\r\nSubject: easy\r\n\r\nletter\r\n'), tlsOptional: true });
    await send(letters(strict));
    await eventually('the letter', async () => clear.taken.length > 0);
    await eventually('the others', async () => (await waitingReplies()).length === 4);
    expect(clear.taken.join('')).toMatch(/^From: max@muster\.at\r\nTLS-Required: No\r\nSubject: easy/);
    expect(clear.taken).toHaveLength(1);
    expect((await waitingReplies()).every((said) => said.startsWith('451 4.7.5'))).toBe(true);
  });

  test('lets a letter go to a host whose certificate is another than its TLSA records say, still under TLS', async () => {
    serial++;
    dns.zone = {
      'example.org': { MX: [[10, 'mx1.example.org']], secure: true },
      'mx1.example.org': { A: ['127.0.0.31'], secure: true },
      [`_${port}._tcp.mx1.example.org`]: { TLSA: [Buffer.concat([Buffer.from([3, 1, 1]), Buffer.alloc(32, 7)])], secure: true },
    };
    await send({ tlsOptional: true });
    expect(await arrived()).toMatch(/with ESMTPS/);
  });

  test.each([
    ['TLS-Required: No\r\n', '', true],
    ['tls-required:\r\n  no \r\n', '', true],
    ['TLS-Required: No\r\n', ' REQUIRETLS', false],
    ['TLS-Required: No\r\nTLS-Required: No\r\n', '', false],
    ['TLS-Required: Yes\r\n', '', false],
    ['', '', false],
  ])('is what a submitted letter with %j says, with%s', async (field, parameter, expected) => {
    const submission = await startSubmission({ ...opened.services, secret: testSecret });
    await setPassword(ours.url, max, 'vier Katzen im Schnee');
    const client = await SmtpClient.open(submission.ports.submissions, { tls: true });
    try {
      expect(await client.signIn('max@muster.at', 'vier Katzen im Schnee')).toMatch(/^235/);
      expect(await client.ask(`MAIL FROM:<max@muster.at>${parameter}`)).toMatch(/^250/);
      expect(await client.ask('RCPT TO:<erika@example.org>')).toMatch(/^250/);
      expect(await client.data(`From: max@muster.at\r\n${field}Subject: x\r\n\r\ny\r\n`)).toMatch(/^250/);
    } finally {
      client.close();
      await submission.close(1000);
    }
    const [row] = await sql(ours.url, 'select tls_optional, require_tls, content from queue_message');
    expect(row).toMatchObject({ tls_optional: expected, require_tls: parameter !== '' });
    // kept for the hosts after the next one
    expect(String(row?.['content'])).toContain(`\r\n${field}Subject: x`);
  });
});

describe('DANE', () => {
  const tlsa = (usage: number, selector: number, certificate: string): Buffer => {
    const parsed = new X509Certificate(certificate);
    const content = selector === 0 ? parsed.raw : parsed.publicKey.export({ type: 'spki', format: 'der' });
    return Buffer.concat([Buffer.from([usage, selector, 1]), createHash('sha256').update(content).digest()]);
  };
  const wrong = Buffer.concat([Buffer.from([3, 1, 1]), Buffer.alloc(32, 7)]);
  /** example.org with one host, signed, and what it says of its certificate. */
  const sign = (records: Buffer[], host: { name?: string; address?: string; broken?: boolean; secure?: boolean } = {}): void => {
    const { name = 'mx1.example.org', address = '127.0.0.31', broken = false, secure = true } = host;
    serial++;
    dns.zone = {
      'example.org': { MX: [[10, name]], secure },
      [name]: { A: [address], secure: true },
      [`_${port}._tcp.${name}`]: { TLSA: records, secure: true, broken },
    };
  };

  test.each([
    ['the key of the certificate (3 1 1)', () => [tlsa(3, 1, forMx.cert)], 'mx1.example.org'],
    ['the certificate (3 0 1), whatever its name', () => [wrong, tlsa(3, 0, forMx.cert)], 'other.example.org'],
    ['its authority (2 0 1)', () => [tlsa(2, 0, forMx.ca)], 'mx1.example.org'],
    ['nothing that can be used, TLS being enough then', () => [tlsa(1, 1, forMx.cert)], 'mx1.example.org'],
  ])('a host is trusted by %s', async (_, records, name) => {
    sign(records(), { name });
    await send();
    expect(await arrived()).toMatch(/with ESMTPS/);
  });

  test.each([
    ['another certificate', () => [wrong], 'mx1.example.org'],
    ['its authority, and another name', () => [tlsa(2, 0, forMx.ca)], 'other.example.net'],
  ])('a host that shows %s than its records say gets nothing', async (_, records, name) => {
    sign(records(), { name });
    await send();
    expect(await lastReply()).toMatch(/^queued: 451 4\.7\.5 .*TLSA/);
  });

  test('a host without TLS, or whose records cannot be had, gets nothing', async () => {
    const clear = await scripted();
    sign([tlsa(3, 1, forMx.cert)], { name: 'mx0.example.org', address: '127.0.0.32' });
    await send();
    expect(await lastReply()).toMatch(/STARTTLS/);
    await worker?.close(2000);
    await sql(ours.url, 'delete from queue_message');
    sign([], { name: 'mx0.example.org', address: '127.0.0.32', broken: true });
    await send();
    expect(await lastReply()).toMatch(/^queued: 451 4\.7\.5 .*TLSA/);
    expect(clear.taken).toEqual([]);
  });

  test('what the resolver did not validate, and what another resolver says, counts for nothing', async () => {
    const clear = await scripted();
    sign([wrong], { name: 'mx0.example.org', address: '127.0.0.32', secure: false });
    await send();
    await eventually('the letter', async () => clear.taken.length === 1);
    expect(await hasSecureHosts(opened.services.settings, 'example.org')).toBe(false);
    sign([wrong]);
    expect(await hasSecureHosts(opened.services.settings, 'example.org')).toBe(true);
    expect(await hasSecureHosts(fresh({ dane: 'off' }).settings, 'example.org')).toBe(false);
    expect(await hasSecureHosts(fresh({ dnsServers: ['192.0.2.1'] }).settings, 'example.org')).toBe(false);
  });

  test('a letter with REQUIRETLS goes to a host with records, without any policy', async () => {
    sign([tlsa(3, 1, forMx.cert)]);
    await send({ requireTls: true });
    expect(await arrived()).toMatch(/with ESMTPS/);
  });
});

describe('what is counted for the report to the domain (RFC 8460)', () => {
  const counted = async () => {
    await countsOf(opened.services.database).flush();
    const rows = await sql(
      ours.url,
      `select facts, success, count::int as count from report_count where kind = 'tls' order by success, count desc`,
    );
    return rows.map(({ facts, success, count }) => {
      const { type, result, host, reason } = facts as Record<string, string>;
      return { type, result, host, reason, success, count };
    });
  };
  const isThere = () => eventually('a count', async () => (await counted()).length > 0);
  test('a policy that is kept, with its lines', async () => {
    say('enforce', ['mx1.example.org']);
    direct({ 'mx1.example.org': '127.0.0.31' });
    await send();
    await isThere();
    expect(await counted()).toEqual([{ type: 'sts', result: 'successful', host: '', reason: '', success: true, count: 1 }]);
    const [row] = await sql(ours.url, 'select facts from report_count');
    expect(row?.['facts']).toMatchObject({
      text: ['version: STSv1', 'mode: enforce', 'mx: mx1.example.org', 'max_age: 86400'],
      hosts: ['mx1.example.org'],
    });
  });

  test.each([
    ['no STARTTLS, in enforce mode', 'enforce', 'starttls-not-supported'],
    ['no STARTTLS, in testing mode', 'testing', 'starttls-not-supported'],
  ])('%s', async (_, mode, result) => {
    await scripted();
    say(mode, ['mx0.example.org']);
    direct({ 'mx0.example.org': '127.0.0.32' });
    await send();
    await isThere();
    expect(await counted()).toMatchObject([{ type: 'sts', result, host: 'mx0.example.org', success: false }]);
  });

  test('in testing mode a certificate of another name, and a host that the policy does not name; the letters arrive', async () => {
    say('testing', ['other.example.org']);
    direct({ 'other.example.org': '127.0.0.31' });
    await send();
    expect(await arrived()).toMatch(/with ESMTPS/);
    expect(await counted()).toMatchObject([{ type: 'sts', result: 'certificate-host-mismatch', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' }]);
    await worker?.close(2000);
    await sql(ours.url, 'delete from report_count');
    await sql(ours.url, 'delete from sts_policy');
    say('testing', ['elsewhere.example.org']);
    direct({ 'mx1.example.org': '127.0.0.31' });
    await send();
    expect(await arrived()).toMatch(/with ESMTPS/);
    expect(await counted()).toMatchObject([{ type: 'sts', result: 'validation-failure' }]);
  });

  test('a certificate from nobody who is trusted', async () => {
    say('testing', ['mx1.example.org']);
    direct({ 'mx1.example.org': '127.0.0.31' });
    await findStsPolicy(opened.services, 'example.org');
    // the policy is kept; the authorities of the world do not know ours
    direct({ 'mx1.example.org': '127.0.0.31' }, false);
    worker = await startQueue(fresh({ authorities: null }));
    await enqueue(opened.services.database.write, letterTo());
    await isThere();
    expect(await counted()).toMatchObject([{ type: 'sts', result: 'certificate-not-trusted', success: false }]);
  });
  const letterTo = (more: Partial<NewQueueMessage> = {}): NewQueueMessage => ({
    customerId: customerId(1),
    accountId: max,
    sender: 'max@muster.at',
    locale: 'de',
    content: Buffer.from('From: max@muster.at\r\n\r\nx\r\n'),
    smtputf8: false,
    dsnReturn: null,
    dsnEnvelope: null,
    acceptKey: null,
    provenance: { ...unknownProvenance, origin: 'submitted', submittedBy: max },
    recipients: [{ address: 'erika@example.org', domain: 'example.org', dsnNotify: null, dsnOriginal: null }],
    ...more,
  });

  test.each([
    ['cannot be fetched', { status: 404 }, {}, 'sts-policy-fetch-error'],
    ['is none', { text: 'version: STSv9' }, {}, 'sts-policy-invalid'],
    ['stands behind a certificate that nobody vouches for', {}, { authorities: null }, 'sts-webpki-invalid'],
  ])('a policy that %s', async (_, answer, settings, result) => {
    say('enforce', ['mx1.example.org'], answer);
    direct({ 'mx1.example.org': '127.0.0.31' });
    worker = await startQueue(fresh(settings));
    await enqueue(opened.services.database.write, letterTo());
    await isThere();
    expect(await counted()).toMatchObject([{ type: 'sts', result, success: false, count: 1 }]);
  });

  test('records of a host: what holds, what does not, what is of no use, what cannot be had', async () => {
    const of = (records: Buffer[], broken = false) => {
      dns.zone = {
        'example.org': { MX: [[10, 'mx1.example.org']], secure: true },
        'mx1.example.org': { A: ['127.0.0.31'], secure: true },
        [`_${port}._tcp.mx1.example.org`]: { TLSA: records, secure: true, broken },
      };
    };
    const key = createHash('sha256')
      .update(new X509Certificate(forMx.cert).publicKey.export({ type: 'spki', format: 'der' }))
      .digest();
    for (const [records, broken, result, reason] of [
      [[Buffer.concat([Buffer.from([3, 1, 1]), key])], false, 'successful', ''],
      [[Buffer.concat([Buffer.from([3, 1, 1]), Buffer.alloc(32, 7)])], false, 'validation-failure', 'tlsa-mismatch'],
      [[Buffer.concat([Buffer.from([1, 1, 1]), key])], false, 'tlsa-invalid', ''],
      [[], true, 'dnssec-invalid', ''],
    ] as const) {
      of([...records], broken);
      worker = await startQueue(fresh());
      await enqueue(opened.services.database.write, letterTo());
      await isThere();
      expect(await counted()).toMatchObject([{ type: 'tlsa', result, reason }]);
      await worker.close(2000);
      await sql(ours.url, 'delete from queue_message');
      await countsOf(opened.services.database).flush();
      await sql(ours.url, 'delete from report_count');
    }
  });

  test('a report about it arrives where no letter may, is not counted, and takes no letter along', async () => {
    const clear = await scripted();
    say('enforce', ['mx0.example.org']);
    direct({ 'mx0.example.org': '127.0.0.32' });
    await enqueue(opened.services.database.write, letterTo({ content: Buffer.from('From: max@muster.at\r\n\r\nsecret\r\n') }));
    await enqueue(
      opened.services.database.write,
      letterTo({ accountId: null, sender: '', tlsOptional: true, content: Buffer.from('From: x@mail.muster.at\r\n\r\nreport\r\n') }),
    );
    worker = await startQueue(fresh());
    await eventually('the report', async () => clear.taken.length > 0);
    await isThere();
    await worker.close(2000);
    expect(clear.taken.map((text) => text.split('\r\n').at(-1))).toEqual(['report']);
    expect(await counted()).toMatchObject([{ type: 'sts', result: 'starttls-not-supported', count: 1 }]);
  });
});
