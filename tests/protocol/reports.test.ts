import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttps, type Server } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { withContexts } from '#mail-server/tls/server-certificate.ts';
import { unknownProvenance } from '#lib/mime/judgement.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { customerId } from '#lib/db/ids.ts';
import { ensureCertificates } from '#lib/launcher/certificates.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import { hostSigningKey } from '#mail-server/reports/host-signing-key.ts';
import { postReport } from '#mail-server/reports/post-report.ts';
import { sendDueReports } from '#mail-server/reports/send-reports.ts';
import type { Running } from '#mail-server/services.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { readHostKey } from '#mail-server/store/host-keys.ts';
import { countsOf, dropReportCounts } from '#mail-server/store/reports/report-counts.ts';
import { enqueue } from '#mail-server/store/queue/queue-store.ts';
import { claimReport, planReports } from '#mail-server/store/reports/report-sending.ts';
import { dropReceivedReports } from '#mail-server/store/reports/received-reports.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { type DnsServer, type DnsZone, startDnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { queuedLetter } from '#tests/support/queued-letter.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

/** Here letters come in the name of example.org, and letters go there. */
let ours: TestDatabase;
/** Here example.org is hosted: mx.example.net takes its mail and reports about it. */
let theirs: TestDatabase;
let dns: DnsServer;
let here: TestServices;
let there: TestServices;
let mxHere: RunningSmtp;
let mxThere: RunningSmtp;
/** the same host, where the clients of these tests reach it */
let doorThere: RunningSmtp;
let worker: Running | null = null;
let max: AccountId;
let directory: string;
/** takes reports by POST, under a certificate of another name */
let collector: Server;
let posted: { type: string | undefined; path: string | undefined; body: Buffer }[] = [];
let takes = true;
let hostKey = '';

const today = () => new Date().toISOString().slice(0, 10);
/** Tomorrow, when the reports of today have gone: they are sent in the first four hours of the day (UTC). */
const inADay = () => new Date(Date.parse(today()) + 30 * 3_600_000);

beforeAll(async () => {
  [ours, theirs, dns] = await Promise.all([createTestDatabase(), createTestDatabase(), startDnsServer({})]);
  directory = await mkdtemp(join(tmpdir(), 'postamt-reports-'));
  const files = await ensureCertificates(directory, 'mx.example.net');
  const [cert = '', key = ''] = await Promise.all([files.cert, files.key].map((file) => readFile(file, 'utf8')));
  const free = createServer().listen(0, '127.0.0.41');
  await once(free, 'listening');
  const address = free.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  free.close();
  collector = createHttps({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      posted.push({ type: request.headers['content-type'], path: request.url, body: Buffer.concat(chunks) });
      response.writeHead(takes ? 201 : 503).end();
    });
  }).listen(0, '127.0.0.42');
  await once(collector, 'listening');
  const listening = collector.address();
  here = await openTestServices(ours.url, {
    stsPort: typeof listening === 'object' && listening ? listening.port : 0,
    dnsServers: [dns.address],
    smtpPortOut: port,
    hostName: 'mail.muster.at',
    sendsReports: true,
  });
  max = await createAccount(ours.url, 'max@muster.at');
  there = await openTestServices(theirs.url, {
    dnsServers: [dns.address],
    hostName: 'mx.example.net',
    listenAddress: '127.0.0.41',
    ports: { ...here.services.settings.ports, smtp: port },
    tls: withContexts({ cert, key }),
    sendsReports: true,
  });
  await createAccount(theirs.url, 'erika@example.org');
  mxHere = await startMx(here.services);
  mxThere = await startMx(there.services);
  const { listenAddress: _, ...settings } = there.services.settings;
  doorThere = await startMx({
    ...there.services,
    settings: { ...settings, listenAddress: '127.0.0.1', ports: { ...settings.ports, smtp: 0 } },
  });
  await hostSigningKey(here.services);
  hostKey = (await readHostKey(here.services.database.read, 'mail.muster.at'))?.publicKey ?? '';
});
afterAll(async () => {
  for (const mx of [mxHere, mxThere, doorThere]) await mx.close(1000);
  collector.close();
  for (const services of [here, there]) await services.close();
  await dns.close();
  await rm(directory, { recursive: true });
  for (const database of [ours, theirs]) await database.drop();
});
afterEach(async () => {
  await worker?.close(2000);
  worker = null;
  for (const table of ['queue_message', 'report_count', 'report_sending', 'received_report'])
    for (const { url } of [ours, theirs]) await sql(url, `delete from ${table}`);
});

/** example.org asks for reports, and mx.example.net agrees to take them. */
const zone = (more: DnsZone = {}): DnsZone => ({
  'example.org': { MX: [[10, 'mx.example.net']], TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
  '_dmarc.example.org': { TXT: ['v=DMARC1; p=none; sp=reject; aspf=s; rua=mailto:dmarc-reports@mx.example.net'] },
  'example.org._report._dmarc.mx.example.net': { TXT: ['v=DMARC1'] },
  '_smtp._tls.example.org': { TXT: ['v=TLSRPTv1; rua=mailto:tls-reports@mx.example.net'] },
  'mx.example.net': { A: ['127.0.0.41'] },
  'postamt._domainkey.mail.muster.at': { TXT: [`v=DKIM1; k=rsa; p=${hostKey}`] },
  ...more,
});

async function deliver(from: string, options: { sender?: string; to?: string; port?: number; text?: string } = {}) {
  const { sender = from, to = 'max@muster.at', port = mxHere.port, text = 'Subject: x\r\n\r\nText\r\n' } = options;
  const client = await SmtpClient.open(port);
  try {
    await client.ask('EHLO client.example.com');
    await client.ask(`MAIL FROM:<${sender}>`);
    const named = await client.ask(`RCPT TO:<${to}>`);
    if (!named?.startsWith('250')) return named;
    await client.ask('DATA');
    return await client.ask(`From: ${from}\r\n${text}.`);
  } finally {
    client.close();
  }
}
const counted = async (kind: string) => {
  await countsOf(here.services.database).flush();
  return sql(
    ours.url,
    'select domain, success, facts, count::int as count, day::text as day from report_count where kind = $1 order by count desc',
    [kind],
  );
};
const received = () =>
  sql(
    theirs.url,
    `select r.kind, r.reporter, r.organization, d.name, r.policy, row.source, row.count::int as count, row.success, row.result, row.facts
      from received_report r join domain d on d.id = r.domain_id join received_report_row row on row.received_report_id = r.id order by row.count desc`,
  );

describe('what came in the name of a domain', () => {
  test('is counted, told to it a day later, taken there, and there once', async () => {
    dns.zone = zone();
    for (const _ of [1, 2, 3]) await deliver('boss@example.org');
    await deliver('boss@sub.example.org');
    const rows = await counted('dmarc');
    expect(rows.map(({ domain, success, count, day }) => ({ domain, success, count, day }))).toEqual([
      { domain: 'example.org', success: false, count: 3, day: today() },
      { domain: 'example.org', success: false, count: 1, day: today() },
    ]);
    expect(rows[0]?.['facts']).toEqual({
      policy: { domain: 'example.org', p: 'none', sp: 'reject', np: '', adkim: 'r', aspf: 's', fo: '', testing: false },
      ip: '127.0.0.1',
      disposition: 'none',
      dkim: 'fail',
      spf: 'fail',
      reason: '',
      headerFrom: 'example.org',
      envelopeFrom: 'example.org',
      signatures: [],
      sender: { domain: 'example.org', result: 'fail' },
    });
    expect(rows[1]?.['facts']).toMatchObject({ disposition: 'reject', headerFrom: 'sub.example.org' });

    // not before the day is over
    await sendDueReports(here.services, new Date());
    expect(await sql(ours.url, 'select 1 from queue_message')).toEqual([]);
    await Promise.all([1, 2].map(() => sendDueReports(here.services, inADay())));
    const [letter, ...others] = await sql(ours.url, 'select sender, content, tls_optional from queue_message');
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ sender: '', tls_optional: false });
    const text = String(letter?.['content']);
    expect(text).toMatch(/^DKIM-Signature: /);
    expect(text.replace(/\r\n[ \t]/g, ' ')).toMatch(
      /Subject: Report Domain: example\.org Submitter: mail\.muster\.at Report-ID: <[0-9a-f]{32}>\r\n/,
    );
    expect(text).toMatch(/filename="mail\.muster\.at!example\.org!\d+!\d+!([0-9a-f]{32})\.xml\.gz"/);

    worker = await startQueue(here.services);
    const data = await eventually('the report', async () => {
      const found = await received();
      return found.length === 2 ? found : null;
    });
    expect(data[0]).toEqual({
      kind: 'dmarc',
      reporter: 'mail.muster.at',
      organization: 'mail.muster.at',
      name: 'example.org',
      policy: { p: 'none', sp: 'reject', np: 'reject', adkim: 'r', aspf: 's', testing: 'n' },
      source: '127.0.0.1',
      count: 3,
      success: false,
      result: 'none',
      facts: {
        dkim: 'fail',
        spf: 'fail',
        headerFrom: 'example.org',
        envelopeFrom: 'example.org',
        spfDomain: 'example.org',
        spfResult: 'fail',
      },
    });
    expect(data[1]).toMatchObject({ count: 1, result: 'reject' });

    // and the report is nothing that a report is sent about
    await countsOf(there.services.database).flush();
    expect(await sql(theirs.url, 'select 1 from report_count')).toEqual([]);
    await sendDueReports(here.services, inADay());
    expect((await sql(ours.url, `select outcome from report_sending where kind = 'dmarc'`)).map((row) => row['outcome'])).toEqual([
      '1 destinations',
    ]);
  });

  test('is not told to a stranger who did not ask for it, nor to one who leads elsewhere', async () => {
    dns.zone = zone({ 'example.org._report._dmarc.mx.example.net': { TXT: ['v=spf1 -all'] } });
    await deliver('boss@example.org');
    await counted('dmarc');
    await sendDueReports(here.services, inADay());
    expect(await sql(ours.url, 'select 1 from queue_message')).toEqual([]);
    expect(await sql(ours.url, `select outcome from report_sending where kind = 'dmarc'`)).toEqual([{ outcome: 'not asked for' }]);
    await sql(ours.url, 'delete from report_sending');
    dns.zone = zone({ 'example.org._report._dmarc.mx.example.net': { TXT: ['v=DMARC1; rua=mailto:victim@example.com'] } });
    await sendDueReports(here.services, inADay());
    expect(await sql(ours.url, 'select 1 from queue_message')).toEqual([]);
  });

  test('is left to another process by one that dies over it, and is sent once', async () => {
    dns.zone = zone();
    await deliver('boss@example.org');
    await counted('dmarc');
    const now = inADay();
    await planReports(here.services.database.write, now.toISOString().slice(0, 10), 'mail.muster.at');
    expect(await claimReport(here.services.database.write, now)).toMatchObject({ kind: 'dmarc', domain: 'example.org', attempts: 1 });
    await sendDueReports(here.services, now);
    expect(await sql(ours.url, 'select 1 from queue_message')).toEqual([]);
    for (const minutes of [16, 17, 300]) await sendDueReports(here.services, new Date(now.getTime() + minutes * 60_000));
    expect(await sql(ours.url, 'select 1 from queue_message')).toHaveLength(1);
  });

  test('waits while the DNS does not say where to', async () => {
    dns.zone = zone();
    await deliver('boss@example.org');
    await counted('dmarc');
    dns.zone = zone({ '_dmarc.example.org': { TXT: [], broken: true } });
    await sendDueReports(here.services, inADay());
    expect(await sql(ours.url, `select done_at, attempts from report_sending where kind = 'dmarc'`)).toEqual([
      { done_at: null, attempts: 1 },
    ]);
    dns.zone = zone();
    await sendDueReports(here.services, new Date(Date.now() + 2 * 86_400_000));
    expect(await sql(ours.url, 'select 1 from queue_message')).toHaveLength(1);
  });

  test('is not counted where nobody asks for it, and not at all where the operator says so', async () => {
    dns.zone = zone({ '_dmarc.example.org': { TXT: ['v=DMARC1; p=none'] } });
    await deliver('boss@example.org');
    expect(await counted('dmarc')).toEqual([]);
  });

  test('is larger than the owner takes: he gets none', async () => {
    dns.zone = zone({ '_dmarc.example.org': { TXT: ['v=DMARC1; p=none; rua=mailto:dmarc-reports@mx.example.net!1k'] } });
    await deliver('boss@example.org');
    await counted('dmarc');
    await sendDueReports(here.services, inADay());
    expect(await sql(ours.url, 'select 1 from queue_message')).toEqual([]);
  });
});

describe('how TLS works on the way to a domain', () => {
  const send = async () => {
    await enqueue(
      here.services.database.write,
      queuedLetter(['erika@example.org'], {
        customerId: customerId(1),
        accountId: max,
        sender: 'max@muster.at',
        content: Buffer.from('From: max@muster.at\r\nSubject: x\r\n\r\nText\r\n'),
        provenance: { ...unknownProvenance, origin: 'submitted', submittedBy: max },
      }),
    );
    worker ??= await startQueue(here.services);
    await eventually('an empty queue', async () => (await sql(ours.url, 'select 1 from queue_message')).length === 0);
  };

  test('is counted, told, and taken there; the report itself goes whatever TLS does and is not counted', async () => {
    dns.zone = zone();
    await send();
    const [row] = await counted('tls');
    expect(row).toMatchObject({
      domain: 'example.org',
      success: true,
      count: 1,
      facts: { type: 'no-policy-found', result: 'successful', host: '' },
    });
    await sendDueReports(here.services, inADay());
    await eventually('the report', async () => (await received()).length > 0);
    expect(await received()).toEqual([
      {
        kind: 'tls',
        reporter: 'mail.muster.at',
        organization: 'mail.muster.at',
        name: 'example.org',
        policy: { type: 'no-policy-found' },
        source: '',
        count: 1,
        success: true,
        result: 'successful',
        facts: { type: 'no-policy-found' },
      },
    ]);
    expect(await counted('tls')).toHaveLength(1);
    expect((await counted('tls'))[0]).toMatchObject({ count: 1 });
  });

  test('the letter about it has the form of RFC 8460', async () => {
    dns.zone = zone();
    await send();
    await counted('tls');
    await worker?.close(2000);
    worker = null;
    await sendDueReports(here.services, inADay());
    const [letter] = await sql(ours.url, 'select content, tls_optional from queue_message');
    const text = String(letter?.['content']);
    expect(letter?.['tls_optional']).toBe(true);
    expect(text).toMatch(/Report-ID: <[0-9a-f]{32}@mail\.muster\.at>\r\n/);
    expect(text).toMatch(/\r\nTLS-Report-Domain: example\.org\r\nTLS-Report-Submitter: mail\.muster\.at\r\n/);
    expect(text.replace(/\r\n[ \t]/g, ' ')).toMatch(/Content-Type: multipart\/report; report-type="tlsrpt"; boundary=/);
    const packed = /application\/tlsrpt\+gzip\r\n[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)\r\n--/.exec(text)?.[1] ?? '';
    const report = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as Record<string, unknown>;
    expect(report).toEqual({
      'organization-name': 'mail.muster.at',
      'date-range': { 'start-datetime': `${today()}T00:00:00Z`, 'end-datetime': `${today()}T23:59:59Z` },
      'contact-info': 'postmaster@mail.muster.at',
      'report-id': expect.stringMatching(/^[0-9a-f]{32}$/),
      policies: [
        {
          policy: { 'policy-type': 'no-policy-found', 'policy-domain': 'example.org' },
          summary: { 'total-successful-session-count': 1, 'total-failure-session-count': 0 },
        },
      ],
    });
  });
});

describe('a report to a web server', () => {
  const asks = (uri: string) =>
    zone({ '_smtp._tls.example.org': { TXT: [`v=TLSRPTv1; rua=${uri}`] }, 'collector.example.org': { A: ['127.0.0.42'] } });
  const count = async () => {
    countsOf(here.services.database).add({
      kind: 'tls',
      organization: 'example.org',
      domain: 'example.org',
      success: true,
      facts: { type: 'no-policy-found', text: [], hosts: [], result: 'successful', reason: '', sendingAddress: '', host: '', address: '' },
    });
    await countsOf(here.services.database).flush();
  };

  test('is posted, whatever its certificate, and again until it is taken', async () => {
    dns.zone = asks('https://collector.example.org/tls?for=x');
    await count();
    posted = [];
    takes = false;
    await sendDueReports(here.services, inADay());
    expect(await sql(ours.url, `select done_at, attempts from report_sending where kind = 'tls'`)).toEqual([
      { done_at: null, attempts: 1 },
    ]);
    takes = true;
    await sendDueReports(here.services, new Date(Date.now() + 2 * 86_400_000));
    expect(posted.map(({ type, path }) => ({ type, path }))).toEqual(
      [1, 2].map(() => ({ type: 'application/tlsrpt+gzip', path: '/tls?for=x' })),
    );
    const [first, second] = posted.map(({ body }) => JSON.parse(gunzipSync(body).toString()) as Record<string, unknown>);
    expect(first).toEqual(second);
    expect(first?.['policies']).toMatchObject([{ policy: { 'policy-domain': 'example.org' } }]);
    expect(await sql(ours.url, 'select 1 from queue_message')).toEqual([]);
  });

  test('goes to no address of our own network, and to no other port', async () => {
    dns.zone = asks('https://collector.example.org/');
    const { settings } = here.services;
    posted = [];
    const outside = { ...settings, smtpPortOut: 25 };
    for (const [where, url] of [
      [outside, 'https://collector.example.org/'],
      [outside, 'https://127.0.0.42/'],
      [outside, 'https://[::ffff:127.0.0.42]/'],
      [settings, 'https://collector.example.org:8443/'],
    ] as const)
      expect(await postReport(where, url, Buffer.from('x'))).toBe(false);
    expect(posted).toEqual([]);
    expect(await postReport(settings, 'https://collector.example.org/', Buffer.from('x'))).toBe(true);
  });
});

describe('the address for reports', () => {
  test('takes none that nobody signed, and nothing that is no report', async () => {
    dns.zone = zone();
    const at = { port: doorThere.port, to: 'DMARC-Reports@mx.example.net', sender: '' };
    expect(await deliver('reporter@example.com', at)).toMatch(/^550 5\.7\.1 .*signed/);
    dns.zone = zone({ 'example.com': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] }, '_dmarc.example.com': { TXT: ['v=DMARC1; p=none'] } });
    expect(await deliver('reporter@example.com', { ...at, sender: 'reporter@example.com' })).toMatch(/^550 5\.6\.0/);
    expect(await received()).toEqual([]);
  });

  test('takes reports about domains that are hosted there, once each', async () => {
    dns.zone = zone({ 'example.com': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] }, '_dmarc.example.com': { TXT: ['v=DMARC1; p=none'] } });
    const at = {
      port: doorThere.port,
      to: 'dmarc-reports@mx.example.net',
      sender: 'r@example.com',
    };
    const seconds = Math.floor(Date.now() / 1000) - 86_400;
    const report = (domain: string) =>
      `<feedback><report_metadata><org_name>B &amp; C</org_name><report_id>7</report_id><date_range><begin>${seconds}</begin><end>${seconds + 3600}</end>` +
      `</date_range></report_metadata><policy_published><domain>${domain}</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.7</source_ip>` +
      '<count>12</count><policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>' +
      // a text that is cut off in the middle of a character
      `<identifiers><header_from>example.org</header_from></identifiers><auth_results><dkim><selector>${'x'.repeat(99)}😀</selector></dkim></auth_results>` +
      '</record></feedback>';
    const letter = (domain: string) => ({ ...at, text: `Subject: x\r\nContent-Type: text/xml\r\n\r\n${report(domain)}\r\n` });
    expect(await deliver('r@example.com', letter('example.org'))).toMatch(/^250/);
    expect(await deliver('r@example.com', letter('example.org'))).toMatch(/^250/);
    expect(await deliver('r@example.com', letter('example.net'))).toMatch(/^550 5\.7\.1/);
    expect(await received()).toMatchObject([
      { reporter: 'example.com', organization: 'B & C', count: 12, success: true, source: '192.0.2.7' },
    ]);
    await sql(
      theirs.url,
      `insert into domain (customer_id, name, verification_token, dkim_selector, dkim_private_key, dkim_public_key)
      values (1, 'example.net', 'token', 'pa1', '', '')`,
    );
    expect(await deliver('r@example.com', letter('example.net')), 'a domain that nobody proved').toMatch(/^550 5\.7\.1/);
  });
});

describe('counts and reports', () => {
  test('are bounded for each organization, what fails apart from what does not, and go when their time is over', async () => {
    const counts = countsOf(here.services.database);
    const add = (success: boolean, at: number) =>
      counts.add({ kind: 'dmarc', organization: 'many.example', domain: `d${at}.many.example`, success, facts: { at } });
    for (let at = 0; at < 3; at++) {
      for (let each = 0; each < 600; each++) add(false, at * 600 + each);
      await counts.flush();
    }
    add(true, 1);
    add(false, 1);
    await counts.flush();
    const [sums] = await sql(
      ours.url,
      'select count(*)::int as rows, sum(count)::int as letters, count(*) filter (where success)::int as good from report_count',
    );
    expect(sums).toEqual({ rows: 1001, letters: 1002, good: 1 });
    await sql(ours.url, `update report_count set day = day - 5`);
    await sql(ours.url, `insert into report_sending (day, kind, organization, domain) values (current_date - 9, 'tls', '', '')`);
    while (await here.services.database.transaction((query) => dropReportCounts(query, 4)));
    expect(await sql(ours.url, 'select 1 from report_count union all select 1 from report_sending')).toEqual([]);
  });

  test('what was counted is written down when the server ends', async () => {
    dns.zone = zone();
    const mx = await startMx(here.services);
    await deliver('boss@example.org', { port: mx.port });
    await mx.close(1000);
    expect(await sql(ours.url, 'select domain, count::int as count from report_count')).toEqual([{ domain: 'example.org', count: 1 }]);
  });

  test('of a thousand policies of one organization those about most are told', async () => {
    const counts = countsOf(here.services.database);
    for (let at = 0; at < 300; at++)
      for (let letter = 0; letter < (at === 250 ? 2 : 1); letter++)
        counts.add({ kind: 'dmarc', organization: 'many.example', domain: `d${at}.many.example`, success: false, facts: { at } });
    await counts.flush();
    await planReports(here.services.database.write, inADay().toISOString().slice(0, 10), 'mail.muster.at');
    const planned = await sql(ours.url, `select domain from report_sending where kind = 'dmarc'`);
    expect(planned).toHaveLength(200);
    expect(planned).toContainEqual({ domain: 'd250.many.example' });
  });

  test('received ones go after their time', async () => {
    await sql(
      theirs.url,
      `insert into received_report (domain_id, kind, reporter, report_id, organization, from_at, until_at, policy, received_at)
        select id, 'tls', 'x.example', n::text, '', now(), now(), '{}', now() - make_interval(days => n) from domain, generate_series(99, 101, 2) n where name = 'example.org'`,
    );
    await there.services.database.transaction((query) => dropReceivedReports(query, 100));
    expect(await sql(theirs.url, 'select report_id from received_report')).toEqual([{ report_id: '99' }]);
  });
});
