import { createHash, createSign, generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkAuthenticity } from '#mail-server/delivery/authenticity/check-authenticity.ts';
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

  test.each(['web_srv01.bank.example', '_bounce.bank.example', 'srv-.bank.example'])(
    'passes with SPF of %s, which is a domain and no name of a host',
    async (domain) => {
      dns.zone[domain] = { TXT: ['v=spf1 include:_spf.%{d} -all'], A: ['192.0.2.9'] };
      dns.zone[`_spf.${domain}`] = { TXT: [`v=spf1 a:${domain} -all`] };
      expect(await check(letter, '192.0.2.9', `www-data@${domain}`)).toMatchObject({
        refused: false,
        judgement: { spf: { result: 'pass', domain }, verdict: 'attested' },
      });
      expect((await check(letter, '192.0.2.8', `www-data@${domain}`)).judgement.spf).toEqual({ result: 'fail', domain });
    },
  );

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

  test.each([
    ['p=reject; pct=0', 'quarantine'],
    ['p=reject; pct = 50', 'quarantine'],
    ['p=quarantine; pct=10', 'none'],
    ['p=reject; pct=10; t=y', 'quarantine'],
    ['p=reject; pct=100', 'reject'],
    ['p=reject; pct=many', 'reject'],
  ])('a policy that is tried on some letters only refuses none: %s is %s', async (tags, policy) => {
    dns.zone['_dmarc.bank.example'] = { TXT: [`v=DMARC1; ${tags}`] };
    expect(await check(letter, '198.51.100.9')).toMatchObject({
      refused: policy === 'reject',
      quarantined: policy === 'quarantine',
      judgement: { verdict: 'failed', dmarc: [{ result: 'fail', policy }] },
      authorPolicy: { published: { testing: policy !== 'reject' } },
    });
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

test('who shares a public suffix with the author does not vouch for him, also where the suffix has a record that does not say what it is', async () => {
  const key = { signingDomain: 'evil.co.com', selector: 's1', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  dns.zone['_dmarc.co.com'] = { TXT: ['v=DMARC1; p=none'] };
  dns.zone['s1._domainkey.evil.co.com'] = dns.zone['s1._domainkey.bank.example'] ?? {};
  dns.zone['s1._domainkey.co.com'] = dns.zone['s1._domainkey.bank.example'] ?? {};
  const content = letter.replaceAll('bank.example', 'bank.co.com');
  const { signatures } = await dkimSign(content, { ...key, signatureData: [key] });
  expect((await check(signatures + content, '198.51.100.9', 'x@evil.co.com')).judgement.verdict).toBe('unknown');
  // who owns the suffix speaks for what is below it
  const above = { ...key, signingDomain: 'co.com' };
  const { signatures: right } = await dkimSign(content, { ...above, signatureData: [above] });
  expect((await check(right + content, '198.51.100.9', 'x@evil.co.com')).judgement.verdict).toBe('attested');
});

describe('a signature', () => {
  type Canonicalization = 'relaxed/relaxed' | 'simple/simple' | 'relaxed/simple' | 'simple/relaxed';
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const sign = async (content: string, canonicalization: Canonicalization, more: { maxBodyLength?: number } = {}) => {
    const key = { signingDomain: 'bank.example', selector: 's1', privateKey: pem, ...more };
    const { signatures } = await dkimSign(content, { canonicalization, signatureData: [key], ...key });
    return signatures + content;
  };
  const dkim = async (content: string) => (await check(content, '198.51.100.9', 'list@elsewhere.example')).judgement.dkim;
  const pass = [{ result: 'pass', domain: 'bank.example', selector: 's1' }];
  const folded = letter.replace('Subject: x', `Subject: x${'\r\n \t y'.repeat(3_000)}${' '.repeat(3_000)}z`);
  const large = letter.replace('y\r\n', `${'Lorem  ipsum \t \r\n'.repeat(20_000)}\r\n\r\n`);

  test.each(['relaxed/relaxed', 'simple/simple', 'relaxed/simple', 'simple/relaxed'] as const)(
    'is checked to the letter (%s)',
    async (way) => {
      expect(await dkim(await sign(letter, way))).toEqual(pass);
      expect(await dkim(await sign(large, way))).toEqual(pass);
      expect((await dkim((await sign(letter, way)).replace('Subject: x', 'Subject: w')))[0]?.result).not.toBe('pass');
    },
  );

  test('over a header that nobody folds so holds if white space does not matter to it', async () => {
    expect(await dkim(await sign(folded, 'relaxed/relaxed'))).toEqual(pass);
    expect((await dkim((await sign(folded, 'relaxed/relaxed')).replace('z\r\n', 'w\r\n')))[0]?.result).toBe('fail');
    expect((await dkim(await sign(folded, 'simple/simple')))[0]?.result).toBe('neutral');
  });

  test('does not cover a From that was put beside it, nor what was added above', async () => {
    const forged = `From: chef@evil.example\r\n${await sign(letter, 'relaxed/relaxed')}`;
    expect((await check(forged, '198.51.100.9', 'list@elsewhere.example')).judgement.verdict).toBe('failed');
  });

  test('of a part of the body vouches for nothing, since anybody could write the rest', async () => {
    const part = `${await sign(letter, 'relaxed/relaxed', { maxBodyLength: 3 })}Please transfer.\r\n`;
    const { judgement, refused } = await check(part, '198.51.100.9', 'list@elsewhere.example');
    expect(judgement.dkim.map(({ result }) => result)).toEqual(['policy']);
    expect(refused).toBe(true);
  });

  test.each(['y', 's:y', 'Y'])(
    'with a key on trial (t=%s) is as none: it vouches for nothing, and nothing is held against the letter',
    async (flags) => {
      delete dns.zone['_dmarc.bank.example'];
      const record = `v=DKIM1; t=${flags}; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
      dns.zone['s1._domainkey.bank.example'] = { TXT: [record] };
      const whole = await sign(letter, 'relaxed/relaxed');
      for (const content of [whole, whole.replace('y\r\n', 'changed on the way\r\n'), whole.replace('Subject: x', 'Subject: z')]) {
        const { judgement } = await check(content, '198.51.100.9', 'list@elsewhere.example');
        expect([judgement.dkim[0]?.result, judgement.verdict]).toEqual(['none', 'unknown']);
      }
    },
  );

  test.each([
    ['@bank.example', 'pass'],
    ['info@Mail.Bank.Example', 'pass'],
    ['chef@elsewhere.example', 'neutral'],
    ['chef@notbank.example', 'neutral'],
  ])('on behalf of %s: %s, since a domain speaks for itself and those below it', async (identity, result) => {
    const bodyHash = createHash('sha256').update('y\r\n').digest('base64');
    const field = `v=1; a=rsa-sha256; c=relaxed/relaxed; d=bank.example; s=s1; i=${identity}; h=from; bh=${bodyHash}; b=`;
    const covered = `from:Bank <info@bank.example>\r\ndkim-signature:${field}`;
    const signature = createSign('RSA-SHA256').update(covered).sign(privateKey, 'base64');
    expect((await dkim(`DKIM-Signature: ${field}${signature}\r\n${letter}`)).map((each) => each.result)).toEqual([result]);
  });

  test('that names a key which no DNS can hold does not make the result uncertain', async () => {
    const selector = `${`${'a'.repeat(60)}.`.repeat(4)}b`;
    const forged = `DKIM-Signature: v=1; a=rsa-sha256; d=bank.example; s=${selector}; h=from; bh=AA; b=AA\r\n${letter}`;
    expect(await check(forged, '198.51.100.9')).toMatchObject({ refused: true, unfinished: false });
  });
});

test('a policy of reject that cannot be decided puts the letter off', async () => {
  dns.zone['s1._domainkey.bank.example'] = 'silent';
  expect(await check(await signed(letter), '198.51.100.9')).toMatchObject({ refused: false, unfinished: true });
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
    expect(performance.now() - began).toBeLessThan(15_000);
  } finally {
    await silent.close();
  }
});
