import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import https, { type Server } from 'node:https';
import type { LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { dkimSign } from 'mailauth';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { ensureCertificates } from '#lib/launcher/certificates.ts';
import { readProvenance } from '#lib/mime/judgement.ts';
import { parseHeader } from '#lib/mime/parse-header.ts';
import { postOneClick } from '#lib/webmail/remote/post-one-click.ts';
import { unsubscribeOf, unsubscribeWays } from '#lib/webmail/trust/read-unsubscribe.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

// A letter of a list comes in on port 25, signed; what stands in the mailbox then says where to ask, and a host of the list is asked over
// HTTPS. Its port is 443 and no other, so binding it needs the system's leave.
const mayBind = process.getuid?.() === 0;
const host = 'liste.example';
const loopback = '127.80.58.1';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

let database: TestDatabase;
let opened: TestServices;
let dns: DnsServer;
let mx: RunningSmtp;
let account: AccountId;
let directory: string;
let list: Server;
let status = 200;
let asked: { method: string; url: string; body: string; cookie: string | undefined; referer: string | undefined }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({
    [host]: { TXT: ['v=spf1 -all'] },
    [`s1._domainkey.${host}`]: { TXT: [`v=DKIM1; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`] },
    [`_dmarc.${host}`]: { TXT: ['v=DMARC1; p=reject'] },
  });
  opened = await openTestServices(database.url, { dnsServers: [dns.address], hostName: 'mail.muster.at' });
  mx = await startMx(opened.services);
  account = await createAccount(database.url, 'max@muster.at');
  directory = await mkdtemp(join(tmpdir(), 'postamt-list-'));
  const { cert, key, ca } = await ensureCertificates(directory, host);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(ca, 'utf8')]);
  list = https.createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
    const { method = '', url = '', headers } = request;
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      asked.push({ method, url, body, cookie: headers.cookie, referer: headers.referer });
      response.writeHead(status, status === 302 ? { location: `https://${host}/anderswo` } : {}).end();
    });
  });
  if (mayBind) await new Promise<void>((resolve) => list.listen(443, loopback, resolve));
});
afterAll(async () => {
  list.close();
  await mx.close(1000);
  await opened.close();
  await dns.close();
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  status = 200;
});

const toList: LookupFunction = (_, options, callback) =>
  options.all ? callback(null, [{ address: loopback, family: 4 }]) : callback(null, loopback, 4);
const unreachable: LookupFunction = (_, options, callback) =>
  options.all ? callback(null, [{ address: '127.80.58.2', family: 4 }]) : callback(null, '127.80.58.2', 4);

/** RFC 8058 section 4: both fields under the signature. */
const headerList = ['From', 'To', 'Subject', 'Date', 'Message-ID', 'List-Unsubscribe', 'List-Unsubscribe-Post'];

/** Delivers a letter of the list and answers what its reader is offered. */
async function offered(sign: boolean, tamper = (letter: string) => letter) {
  const letter = [
    `From: Liste <news@${host}>`,
    'To: max@muster.at',
    'Subject: Neues',
    'Date: Sat, 28 Nov 2026 10:00:00 +0000',
    `Message-ID: <${Math.random()}@${host}>`,
    `List-Unsubscribe: <mailto:ab@${host}>, <https://${host}/ab?leser=7>`,
    'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    '',
    'Guten Tag.',
    '',
  ].join('\r\n');
  const key = { signingDomain: host, selector: 's1', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  const { signatures } = sign ? await dkimSign(letter, { ...key, headerList, signatureData: [key] }) : { signatures: '' };
  const client = await SmtpClient.open(mx.port, { greeting: 'EHLO mx.extern.example' });
  const said = await client.send(`bounce@${host}`, ['max@muster.at'], tamper(signatures + letter));
  client.close();
  if (!said?.startsWith('250')) return { said, ways: null };
  const [row] = await sql(
    database.url,
    'select origin, author, judgement::text as judgement, header from message where account_id = $1 order by message_id desc limit 1',
    [account],
  );
  const provenance = readProvenance(String(row?.['origin']), row?.['author'] as string | null, row?.['judgement'] as string | null);
  const header = Buffer.isBuffer(row?.['header']) ? row['header'].toString('latin1') : '';
  return { said, ways: unsubscribeWays(parseHeader(header, 200), provenance) };
}

test.runIf(mayBind)(
  'a list that vouches for its letter is left with one request, which says nothing of the reader but what the list wrote',
  async () => {
    const { ways } = await offered(true);
    expect(ways && unsubscribeOf(ways)).toEqual({ how: 'one-click', where: host, href: '' });
    expect(await postOneClick(ways?.oneClick ?? '', toList)).toBe(200);
    expect(asked).toEqual([
      { method: 'POST', url: '/ab?leser=7', body: 'List-Unsubscribe=One-Click', cookie: undefined, referer: undefined },
    ]);
  },
);

test.runIf(mayBind).each([404, 500, 302])('an answer of %i is handed on, and nobody follows where it points', async (answer) => {
  status = answer;
  const { ways } = await offered(true);
  expect(await postOneClick(ways?.oneClick ?? '', toList)).toBe(answer);
  expect(asked).toHaveLength(1);
});

test('a host that does not answer, or whose certificate is for another name, is no answer', async () => {
  expect(await postOneClick(`https://${host}/ab`, unreachable)).toBeNull();
  expect(await postOneClick('https://other.example/ab', toList)).toBeNull();
  expect(asked).toEqual([]);
});

test('what nobody vouches for is refused at the door of a domain that says so', async () => {
  expect((await offered(false)).said).toMatch(/^550 /);
  expect((await offered(true, (letter) => letter.replace('leser=7', 'leser=8'))).said).toMatch(/^550 /);
});

test('where the domain only watches, such a letter offers a letter to the list, and no request of ours', async () => {
  dns.zone[`_dmarc.${host}`] = { TXT: ['v=DMARC1; p=none'] };
  const { ways } = await offered(true, (letter) => letter.replace('leser=7', 'leser=8'));
  expect(ways?.oneClick).toBeNull();
  expect(ways && unsubscribeOf(ways)?.how).toBe('letter');
});
