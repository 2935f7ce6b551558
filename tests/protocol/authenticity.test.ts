import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkAuthenticity } from '#mail-server/delivery/check-authenticity.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';

let database: TestDatabase;
let dns: DnsServer;
let opened: TestServices;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const letter = 'From: Bank <info@bank.example>\r\nTo: max@muster.at\r\nSubject: x\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\ny\r\n';

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({});
  opened = await openTestServices(database.url, { dnsServers: [dns.address], hostName: 'mail.muster.at' });
});
afterAll(async () => {
  await opened.close();
  await dns.close();
  await database.drop();
});
beforeEach(() => {
  dns.zone = {
    'bank.example': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
    's1._domainkey.bank.example': { TXT: [`v=DKIM1; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`] },
    '_dmarc.bank.example': { TXT: ['v=DMARC1; p=reject'] },
  };
});

const check = (content: string, remoteAddress: string, sender = 'info@bank.example') =>
  checkAuthenticity(opened.services, { content: Buffer.from(content), sender, remoteAddress, greetedAs: 'mx.bank.example' });
const signed = async (content: string) => {
  const key = { signingDomain: 'bank.example', selector: 's1', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  const { signatures } = await dkimSign(content, { ...key, signatureData: [key] });
  return signatures + content;
};

describe('DMARC', () => {
  test('passes with SPF from the right host', async () => {
    const { results, refused } = await check(letter, '192.0.2.1');
    expect(results).toMatch(/^Authentication-Results: mail\.muster\.at;\r\n/);
    expect(results).toMatch(/spf=pass/);
    expect(results).toMatch(/dmarc=pass/);
    expect(refused).toBe(false);
  });

  test('passes with a DKIM signature from another host', async () => {
    const { results, refused } = await check(await signed(letter), '198.51.100.9', 'list@elsewhere.example');
    expect(results).toMatch(/dkim=pass/);
    expect(results).toMatch(/dmarc=pass/);
    expect(refused).toBe(false);
  });

  test('p=reject refuses what is surely not from there', async () => {
    expect(await check(letter, '198.51.100.9')).toMatchObject({ refused: true, domain: 'bank.example' });
    expect((await check((await signed(letter)).replace('y\r\n', 'z\r\n'), '198.51.100.9')).refused).toBe(true);
  });

  test('p=quarantine makes suspicious what is surely not from there, and refuses nothing', async () => {
    dns.zone['_dmarc.bank.example'] = { TXT: ['v=DMARC1; p=quarantine'] };
    expect(await check(letter, '198.51.100.9')).toMatchObject({ refused: false, quarantined: true, domain: 'bank.example' });
    expect(await check(letter, '192.0.2.1')).toMatchObject({ refused: false, quarantined: false });
  });

  test('p=none refuses nothing', async () => {
    dns.zone['_dmarc.bank.example'] = { TXT: ['v=DMARC1; p=none'] };
    const { results, refused } = await check(letter, '198.51.100.9');
    expect(results).toMatch(/dmarc=fail/);
    expect(refused).toBe(false);
  });

  test('does not refuse while a key cannot be read', async () => {
    dns.zone['s1._domainkey.bank.example'] = 'silent';
    const { results, refused } = await check(await signed(letter), '198.51.100.9');
    expect(results).toMatch(/dkim=temperror/);
    expect(refused).toBe(false);
  });

  test('p=reject also refuses what carries a signature of another domain whose name servers are silent, and other senders are checked as ever', async () => {
    dns.zone['s1._domainkey.silent.example'] = 'silent';
    dns.zone['silent.example'] = 'silent';
    const key = {
      signingDomain: 'silent.example',
      selector: 's1',
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
    const { signatures } = await dkimSign(letter, { ...key, signatureData: [key] });
    const forged = await check(signatures + letter, '198.51.100.9', 'x@silent.example');
    expect(forged.results).toMatch(/spf=temperror/);
    expect(forged).toMatchObject({ refused: true, senderIsGenuine: false });
    expect(await check(letter, '192.0.2.1')).toMatchObject({ refused: false, senderIsGenuine: true });
  });
});

test('a DNS that does not answer costs one wait, not one a message', async () => {
  const silent = await openTestServices(database.url, { dnsServers: ['127.0.0.1:9'], hostName: 'mail.muster.at' });
  try {
    const ask = () =>
      checkAuthenticity(silent.services, {
        content: Buffer.from(letter),
        sender: 'info@bank.example',
        remoteAddress: '192.0.2.1',
        greetedAs: 'x',
      });
    expect(await ask()).toMatchObject({ refused: false });
    const began = performance.now();
    for (let count = 0; count < 20; count++) expect((await ask()).results).toMatch(/spf=temperror/);
    expect(performance.now() - began).toBeLessThan(1500);
  } finally {
    await silent.close();
  }
});
