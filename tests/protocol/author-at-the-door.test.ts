import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { readProvenance, type Provenance } from '#lib/mime/judgement.ts';
import { trustOf } from '#lib/webmail/trust/trust.ts';
import { startLmtp } from '#mail-server/smtp/lmtp-server.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { formsOfNobody, formsOfVictim } from '#tests/support/from-forms.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { longestTurn } from '#tests/support/processor-time.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let opened: TestServices;
let dns: DnsServer;
let mx: RunningSmtp;
let lmtp: RunningSmtp;
let account: AccountId;
let address: string;
let serial = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({});
  opened = await openTestServices(database.url, { dnsServers: [dns.address], hostName: 'mail.muster.at' });
  mx = await startMx(opened.services);
  lmtp = await startLmtp(opened.services);
});
afterAll(async () => {
  await Promise.all([mx.close(1000), lmtp.close(1000)]);
  await opened.close();
  await dns.close();
  await database.drop();
});
beforeEach(async () => {
  address = `max${++serial}@muster.at`;
  account = await createAccount(database.url, address);
  dns.zone = {
    'bank.example': { TXT: ['v=spf1 -all'] },
    '_dmarc.bank.example': { TXT: ['v=DMARC1; p=reject; aspf=s; adkim=s'] },
    'own.example': { TXT: ['v=spf1 +all'] },
    'evil.example': { TXT: ['v=spf1 +all'] },
  };
});

const send = async (port: number, content: string | Buffer, sender = 'me@own.example', greeting?: string): Promise<string | null> => {
  const client = await SmtpClient.open(port, greeting ? { greeting } : {});
  try {
    return await client.send(sender, [address], content);
  } finally {
    client.close();
  }
};
const outside = (head: string, sender?: string) => send(mx.port, `${head}\r\nSubject: x\r\n\r\ny\r\n`, sender, 'EHLO own.example');
const byLmtp = (head: string) => send(lmtp.port, `${head}\r\nSubject: x\r\n\r\ny\r\n`, undefined, 'LHLO own.example');

/** What the page is told of the newest letter of the mailbox, and its header. */
async function stored(): Promise<{ provenance: Provenance; folder: number; header: string; verdict: string }> {
  const [row] = await sql(
    database.url,
    `select m.origin, m.author, m.judgement::text as judgement, f.folder_id, m.header from message m
     join folder_message f using (account_id, message_id) where m.account_id = $1 order by m.message_id desc limit 1`,
    [account],
  );
  const provenance = readProvenance(String(row?.['origin']), row?.['author'] as string | null, row?.['judgement'] as string | null);
  const header = Buffer.isBuffer(row?.['header']) ? row['header'].toString('latin1') : '';
  return { provenance, folder: Number(row?.['folder_id']), header, verdict: trustOf(provenance, [], []).verdict };
}

describe('p=reject holds for whoever is shown as the author', () => {
  test.each(Object.entries(formsOfVictim))('%s', async (_, form) => {
    expect(await outside(form)).toMatch(/^550 5\.7\.26 .*bank\.example/);
  });
});

describe('a letter whose author cannot be determined', () => {
  test.each(Object.entries(formsOfNobody).filter(([name]) => name !== 'a long field'))(
    '%s: is refused on port 25, in words',
    async (_, form) => {
      expect(await outside(form)).toMatch(/^550 5\.6\.0 .*From.* - .*From/);
    },
  );

  test.each(Object.entries(formsOfNobody))('%s: comes by LMTP, with a warning', async (_, form) => {
    expect(await byLmtp(form)).toMatch(/^250 /);
    expect(await stored()).toMatchObject({ provenance: { origin: 'lmtp', author: null }, verdict: 'warning' });
  });

  test('a header that begins in the middle of a field is refused', async () => {
    expect(await outside(' from: a@bank.example\r\nFrom: <a@own.example>')).toMatch(/^550 5\.6\.0 /);
  });
});

describe('what is found out is stored as data', () => {
  test('an author whose domain vouches for him', async () => {
    dns.zone['_dmarc.own.example'] = { TXT: ['v=DMARC1; p=none'] };
    expect(await outside('From: <Me@own.example>')).toMatch(/^250 /);
    const { provenance, verdict } = await stored();
    expect(provenance).toMatchObject({ origin: 'outside', author: 'Me@own.example', judgement: { verdict: 'attested' } });
    expect(verdict).toBe('verified');
  });

  test('a colleague, or the reader himself, of whom only the letter says so is warned of, whatever the domain says in the DNS', async () => {
    for (const author of [address, 'chef@muster.at', 'CHEF@MUSTER.AT']) {
      expect(await outside(`From: <${author}>`)).toMatch(/^250 /);
      expect(await stored()).toMatchObject({ provenance: { judgement: { verdict: 'failed' } }, verdict: 'warning' });
    }
  });

  test('so is the house itself, and a colleague who is named beside a stranger or whom only some programs show', async () => {
    dns.zone['_dmarc.own.example'] = { TXT: ['v=DMARC1; p=none'] };
    for (const from of ['postmaster@mail.muster.at', 'me@own.example, chef@muster.at', '<@own.example:chef@muster.at>']) {
      expect(await outside(`From: ${from}`)).toMatch(/^250 /);
      expect(await stored()).toMatchObject({ provenance: { judgement: { verdict: 'failed' } }, verdict: 'warning' });
    }
    dns.zone = { 'muster.at': { TXT: ['v=spf1 +all'] } };
    expect(await outside('From: me@own.example, chef@muster.at', 'chef@muster.at')).toMatch(/^250 /);
    expect((await stored()).verdict).toBe('neutral');
  });

  test('a host that the owner of a domain of ours named may write in its name', async () => {
    dns.zone['muster.at'] = { TXT: ['v=spf1 +all'] };
    expect(await outside('From: <shop@muster.at>', 'shop@muster.at')).toMatch(/^250 /);
    expect((await stored()).verdict).toBe('neutral');
  });

  test('an unsigned newsletter of a domain without a policy is nothing to warn of', async () => {
    expect(await outside('From: <news@plain.example>', 'bounce@elsewhere.example')).toMatch(/^250 /);
    expect((await stored()).verdict).toBe('neutral');
  });

  test('a check that should have passed and did not is a warning, whatever the owner asks to be done', async () => {
    dns.zone['_dmarc.bank.example'] = { TXT: ['v=DMARC1; p=none'] };
    expect(await outside('From: <chef@bank.example>')).toMatch(/^250 /);
    expect((await stored()).verdict).toBe('warning');
  });

  test('two authors are vouched for by nobody', async () => {
    dns.zone['_dmarc.own.example'] = { TXT: ['v=DMARC1; p=none'] };
    expect(await outside('From: <me@own.example>, <a@plain.example>')).toMatch(/^250 /);
    expect(await stored()).toMatchObject({ provenance: { author: null }, verdict: 'neutral' });
  });

  test('one’s own address on a letter from outside makes it nobody’s own', async () => {
    expect(await outside(`From: Ich <${address}>`)).toMatch(/^250 /);
    expect(await stored()).toMatchObject({ provenance: { origin: 'outside', submittedBy: null }, verdict: 'warning' });
  });

  test('what comes by LMTP was not checked here', async () => {
    expect(await byLmtp('From: <chef@bank.example>')).toMatch(/^250 /);
    expect(await stored()).toMatchObject({ provenance: { origin: 'lmtp', author: 'chef@bank.example' }, verdict: 'neutral' });
  });
});

describe('nothing of a letter writes results', () => {
  const domain = 'bank3.example';
  test.each([
    `"x; dmarc=pass header.from=${domain}; y"@own.example`,
    `";dmarc=pass header.from=${domain};"@own.example`,
    `"a); dmarc=pass header.from=${domain}; (b"@own.example`,
    `"a\\"; dmarc=pass header.from=${domain}; \\"b"@own.example`,
    `";auth=pass smtp.auth=a@${domain};"@own.example`,
  ])('the reverse-path <%s>', async (sender) => {
    const answer = await outside(`From: <chef@${domain}>`, sender);
    if (!answer?.startsWith('250')) return;
    const { header, verdict } = await stored();
    expect(verdict).not.toBe('verified');
    expect(/^Authentication-Results:.*?\r\n(?=\S)/ms.exec(header)?.[0]).not.toMatch(/dmarc=pass|dkim=pass|auth=pass/);
  });

  test.each([
    `v=1; a=rsa-sha256; d=${domain}; s=x; h=from; bh=AAAA; b=AAAA`,
    `v=1; a=rsa-sha256; d=own.example; i=@own.example\r\n header.d=${domain}; s=x dkim=pass header.d=${domain}; h=from; bh=AA; b=AA`,
    `v=1; a=(;dkim=pass header.d=${domain};); d=own.example; s=x; h=from; bh=AA; b=AA`,
    `v=1; a=rsa-sha256; d=own.example;dkim=pass; s="; dmarc=pass"; h=from; bh=AA; b=AA`,
  ])('the signature %s', async (signature) => {
    expect(await outside(`DKIM-Signature: ${signature}\r\nFrom: <chef@${domain}>`)).toMatch(/^250 /);
    const { header, verdict } = await stored();
    expect(verdict).not.toBe('verified');
    expect(/^Authentication-Results:.*?\r\n(?=\S)/ms.exec(header)?.[0]).not.toMatch(/=pass header/);
  });

  test('a field that claims to be ours', async () => {
    expect(await outside(`Authentication-Results: mail.muster.at; dmarc=pass header.from=${domain}\r\nFrom: <chef@${domain}>`)).toMatch(
      /^250 /,
    );
    expect((await stored()).verdict).toBe('neutral');
  });
});

test('hostile headers are answered at once, and nobody waits meanwhile', async () => {
  const signature = 'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=evil.example; s=x; h=from:x-a; bh=AAAA; b=';
  const blanks = `${' '.repeat(900)}\r\n`.repeat(110);
  const letters = [
    `${signature}${blanks} A\r\nFrom: a@evil.example`,
    `${signature}AAAA\r\nFrom: a@evil.example\r\nX-A: a${blanks} b`,
    `ARC-Seal: i=1; a=rsa-sha256; cv=none; d=evil.example; s=x; b=${blanks} A\r\nFrom: a@evil.example`,
    `From: a@evil.example\r\nX-A: ${'\r\n '.repeat(60_000)}x`,
    `From: a@evil.example\r\nTo: ${'a@b.example,\r\n '.repeat(15_000)}a@b.example`,
    `From: a@evil.example\r\nX-A${' '.repeat(100_000)}: y`,
  ];
  // the workers have started
  expect(await outside(`From: a@evil.example\r\nX-A: ${'x\r\n '.repeat(30_000)}x`)).toMatch(/^(250|554) /);
  const longest = await longestTurn(async () => {
    for (const letter of letters) {
      const began = performance.now();
      expect(await outside(letter)).toMatch(/^(250|554) /);
      // by the clock, of which it takes a tenth of a second: letters of this size are read by workers, whose time is not of this thread
      expect(performance.now() - began).toBeLessThan(5_000);
    }
  });
  expect(longest).toBeLessThan(1_000);
});

test('a header that no program writes is refused before anything reads it', async () => {
  expect(await outside(`From: a@evil.example\r\nX-A: ${`${'y'.repeat(900)}\r\n `.repeat(400)}`)).toMatch(/^554 5\.6\.0 .*262144/);
  expect(await byLmtp(`From: a@evil.example\r\n${'X: y\r\n'.repeat(2_001)}X: y`)).toMatch(/^554 5\.6\.0 /);
});
