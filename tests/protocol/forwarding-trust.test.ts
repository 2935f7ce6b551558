import { generateKeyPairSync } from 'node:crypto';
import { authenticate, dkimSign } from 'mailauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sealSecret } from '#lib/auth/secret-box.ts';
import { mintCustomerScope } from '#lib/auth/customer-scope.ts';
import { customerId, type AccountId } from '#lib/db/ids.ts';
import { openDatabase as openPrisma, type Database as Prisma } from '#lib/db/prisma.ts';
import type { Judgement } from '#lib/mime/judgement.ts';
import { setForward } from '#lib/provisioning/addresses/set-forward.ts';
import { setGroup } from '#lib/provisioning/addresses/set-group.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import type { Running } from '#mail-server/services.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

// Two hosts: muster.at passes on what a strict domain wrote, ziel.at receives it and judges. Both ask the same scripted DNS.

const keyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const [bank, own] = [keyPair(), keyPair()];
type Pair = typeof bank;
const published = ({ publicKey }: Pair) => `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const pem = ({ privateKey }: Pair) => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let databases: [TestDatabase, TestDatabase];
let dns: DnsServer;
let receiving: TestServices;
let passing: TestServices;
let running: { ziel: RunningSmtp; muster: RunningSmtp; queue: Running };
let prisma: Prisma;
let erika: AccountId;
const scope = mintCustomerScope({ customerId: customerId(1), role: 'owner', actor: 'user:1', remote: null });

beforeAll(async () => {
  databases = [await createTestDatabase(), await createTestDatabase()];
  const [muster, ziel] = databases;
  dns = await startDnsServer({
    // neither of the two may send for it
    'bank.example': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
    '_dmarc.bank.example': { TXT: ['v=DMARC1; p=reject'] },
    's1._domainkey.bank.example': { TXT: [published(bank)] },
    // sends from this host, signed by a service for newsletters
    'shop.example': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    '_dmarc.shop.example': { TXT: ['v=DMARC1; p=reject'] },
    's1._domainkey.service.example': { TXT: [published(bank)] },
    'muster.at': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    '_dmarc.muster.at': { TXT: ['v=DMARC1; p=reject'] },
    'pa1._domainkey.muster.at': { TXT: [published(own)] },
    'ziel.at': { MX: [[10, 'mx.ziel.at']] },
    'mx.ziel.at': { A: ['127.0.0.1'] },
  });
  receiving = await openTestServices(ziel.url, { dnsServers: [dns.address], hostName: 'mx.ziel.at' });
  erika = await createAccount(ziel.url, 'erika@ziel.at');
  const at = await startMx(receiving.services);
  passing = await openTestServices(muster.url, { dnsServers: [dns.address], smtpPortOut: at.port, hostName: 'mail.muster.at' });
  await createAccount(muster.url, 'max@muster.at');
  await sql(muster.url, 'update domain set dkim_private_key = $1', [sealSecret(pem(own), testSecret)]);
  prisma = openPrisma(muster.url, 2);
  running = { ziel: at, muster: await startMx(passing.services), queue: await startQueue(passing.services) };
});
afterAll(async () => {
  await running.queue.close(2000);
  await running.muster.close(1000);
  await running.ziel.close(1000);
  await prisma.$disconnect();
  await passing.close();
  await receiving.close();
  await dns.close();
  for (const database of databases) await database.drop();
});

interface Written {
  domain?: string;
  signer?: string;
  fields?: string;
  text?: string;
}

/** A letter that bank.example signed, given to muster.at; what ziel.at stored of it, and what it found out. */
async function through(
  recipient: string,
  subject: string,
  { domain = 'bank.example', signer = domain, fields = '', text = 'Kontoauszug' }: Written = {},
): Promise<{ text: string; raw: Buffer; judgement: Judgement }> {
  const content = `From: Bank <info@${domain}>\r\nTo: ${recipient}\r\nSubject: ${subject}\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <${subject}@bank.example>\r\n${fields}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${text}\r\n`;
  const key = { signingDomain: signer, selector: 's1', privateKey: pem(bank) };
  const headerList = 'from:to:subject:date:message-id:reply-to:list-unsubscribe:list-unsubscribe-post';
  const { signatures } = await dkimSign(content, { ...key, headerList, signatureData: [key] });
  const client = await SmtpClient.open(running.muster.port, { greeting: 'EHLO mx.bank.example' });
  expect(await client.send(`info@${domain}`, [recipient], signatures + content)).toMatch(/^250 /);
  client.close();
  const raw = await eventually(`${subject} at ziel.at`, async () =>
    (await storedMessages(receiving.services.store, erika)).find((each) => each.includes(`${subject}@bank.example`)),
  );
  const [row] = await sql(databases[1].url, 'select judgement from message order by message_id desc limit 1');
  return { text: String(raw), raw, judgement: row?.['judgement'] as Judgement };
}

/** As a receiver that knows nothing of us sees it. */
async function verified(raw: Buffer) {
  const resolver = async (name: string, type: string): Promise<string[][]> => {
    const found = (dns.zone[name] as Record<string, unknown[]> | undefined)?.[type];
    if (!found) throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    return found.map((value) => (type === 'TXT' ? [String(value)] : (value as string[])));
  };
  // what ziel.at wrote above it is its own
  const came = raw.subarray(raw.indexOf('\r\nDelivered-To: ') < 0 ? 0 : raw.indexOf('\r\nDelivered-To: ') + 2);
  const { arc, dkim, dmarc } = await authenticate(came, { ip: '127.0.0.1', helo: 'x', sender: 'x@muster.at', mta: 'test', resolver });
  return {
    arc: (arc as { status: { result: string } }).status.result,
    dkim: dkim.results.map(({ signingDomain, status }) => `${signingDomain} ${status.result}`),
    dmarc: (dmarc as { status: { result: string } }).status.result,
  };
}

test('a forwarded letter of a strict domain arrives with SPF by SRS, its signature whole and a chain that holds', async () => {
  await setForward(prisma, scope, { localPart: 'office', domain: 'muster.at', targets: ['erika@ziel.at'] });
  const { text, raw, judgement } = await through('office@muster.at', 'forward');
  expect(text).toMatch(/^Return-Path: <SRS0=[^>]*=bank\.example=info@muster\.at>/);
  expect(judgement.spf).toMatchObject({ result: 'pass', domain: 'muster.at' });
  expect(judgement.dkim).toContainEqual(expect.objectContaining({ result: 'pass', domain: 'bank.example' }));
  expect([judgement.verdict, judgement.arc]).toEqual(['attested', 'pass']);
  expect(await verified(raw)).toEqual({ arc: 'pass', dkim: ['bank.example pass'], dmarc: 'pass' });
  // what muster.at found out stands in the seal
  expect(text).toMatch(/^ARC-Authentication-Results: i=1; mail\.muster\.at;[\s\S]*?spf=fail[\s\S]*?dmarc=pass/m);
});

const group = (subjectPrefix: string, replyTo: 'author' | 'group' = 'author') =>
  setGroup(prisma, scope, {
    localPart: 'team',
    domain: 'muster.at',
    name: 'Team',
    members: ['erika@ziel.at'],
    posting: 'anyone',
    replyTo,
    subjectPrefix,
  });

test('a letter to a group that changes nothing of it passes DMARC for its author', async () => {
  await group('');
  const { text, judgement } = await through('team@muster.at', 'plain');
  expect(text).toContain('\r\nFrom: Bank <info@bank.example>\r\n');
  expect(text).toContain('\r\nList-Id: Team <team.muster.at>\r\n');
  expect(judgement.dmarc).toEqual([{ domain: 'bank.example', result: 'pass', policy: 'reject' }]);
});

test('a letter to a group that marks the subject passes DMARC for the group, and the author is still named', async () => {
  await group('[Team]');
  const { text, judgement } = await through('team@muster.at', 'marked');
  expect(text).toContain('\r\nSubject: [Team] marked\r\n');
  expect(text).toContain('\r\nFrom: "Bank via Team" <team@muster.at>\r\n');
  expect(text).toContain('\r\nReply-To: <info@bank.example>\r\n');
  expect(judgement.dmarc).toEqual([{ domain: 'muster.at', result: 'pass', policy: 'reject' }]);
});

const whole = [{ domain: 'bank.example', result: 'pass', policy: 'reject' }];
const standsIn = [{ domain: 'muster.at', result: 'pass', policy: 'reject' }];

test('a letter with umlauts that a group does not change keeps the signature of its author', async () => {
  await group('');
  expect((await through('team@muster.at', 'umlauts', { text: 'Grüße aus Österreich' })).judgement.dmarc).toEqual(whole);
});

test('a newsletter to a group, whose author signed how one leaves, passes DMARC for the group', async () => {
  await group('');
  const fields = 'List-Unsubscribe: <https://bank.example/out>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n';
  expect((await through('team@muster.at', 'newsletter', { fields })).judgement.dmarc).toEqual(standsIn);
});

test('a letter to a group that answers go to passes DMARC, whether its author signed where they should go or not', async () => {
  await group('', 'group');
  const signed = await through('team@muster.at', 'answers', { fields: 'Reply-To: <hilfe@bank.example>\r\n' });
  expect(signed.judgement.dmarc).toEqual(standsIn);
});

test('a letter that only a service for newsletters signed passes DMARC for the group', async () => {
  await group('');
  const { judgement } = await through('team@muster.at', 'service', { domain: 'shop.example', signer: 'service.example' });
  expect(judgement.dmarc).toEqual(standsIn);
});
