import { execFile } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { promisify } from 'node:util';
import { dkimVerify } from 'mailauth';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseDomainName, type DomainName } from '#lib/addresses/domain-name.ts';
import { openSecret, sealSecret } from '#lib/auth/secret-box.ts';
import { openDatabase, type Database } from '#lib/db/prisma.ts';
import { dkimName, dkimValue, type DkimAlgorithm } from '#lib/dkim/key-record.ts';
import { makeDkimKey } from '#lib/dkim/make-key.ts';
import { cnameTarget, renewal } from '#lib/dkim/plan-keys.ts';
import { dkimZoneText, listZoneKeys } from '#lib/dns/dkim-zone.ts';
import { headerEnd, MessageHeader } from '#lib/mime/read-header.ts';
import { checkSignatures } from '#mail-server/delivery/authenticity/check-signatures.ts';
import { dnsResolverOf } from '#mail-server/delivery/authenticity/dns-resolver.ts';
import { signMessage } from '#mail-server/delivery/signing/sign-message.ts';
import { tendDomainKeys } from '#mail-server/housekeeping/tend-domain-keys.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';

const zone = 'dkim.postamt.example';
const name = parseDomainName('muster.at') as DomainName;
const letter = Buffer.from('From: max@muster.at\r\nTo: hans@example.org\r\nSubject: x\r\n\r\ntext\r\n');

let test1: TestDatabase;
let database: Database;
let dns: DnsServer;
let opened: TestServices;

beforeAll(async () => {
  [test1, dns] = await Promise.all([createTestDatabase(), startDnsServer({})]);
  database = openDatabase(test1.url, 2);
  opened = await openTestServices(test1.url, { dnsServers: [dns.address] });
  await createAccount(test1.url, 'max@muster.at');
});
afterAll(async () => {
  await opened.close();
  await database.$disconnect();
  await dns.close();
  await test1.drop();
});

interface Row {
  selector: string;
  algorithm: DkimAlgorithm;
  public: string;
  private: string;
  seen: boolean;
  retired: boolean;
}
/** The RSA key in use first. */
const keys = async () =>
  (await sql(
    test1.url,
    `select dkim_selector as selector, 'rsa' as algorithm, dkim_public_key as public, dkim_private_key as private,
        dkim_seen_at is not null as seen, false as retired, 0 as id from domain where name = 'muster.at'
      union all select selector, algorithm::text, public_key, private_key, seen_at is not null, retired_at is not null, id from dkim_key order by id`,
  )) as unknown as Row[];
const described = async () =>
  (await keys()).map((key) => `${key.selector} ${key.algorithm}${key.seen ? ' seen' : ''}${key.retired ? ' old' : ''}`);

/** Hours pass, and the mail server looks after the keys. */
const pass = async (hours: number, given: { zone?: string | null; days?: number } = {}): Promise<void> => {
  const earlier = (column: string) => `${column} = ${column} - make_interval(hours => $1)`;
  await sql(test1.url, `update domain set ${['dkim_checked_at', 'dkim_made_at', 'dkim_seen_at'].map(earlier).join(', ')}`, [hours]);
  await sql(test1.url, `update dkim_key set ${['checked_at', 'made_at', 'seen_at', 'retired_at'].map(earlier).join(', ')}`, [hours]);
  const settings = { zone, days: 0, secret: testSecret, resolver: dnsResolverOf(opened.services.settings), ...given };
  while (await tendDomainKeys(opened.services.database, settings));
};

/** The operator publishes what the command prints; the domain's owner has set both CNAMEs. */
const publish = async (): Promise<void> => {
  const lines = dkimZoneText(await listZoneKeys(database), zone)
    .trimEnd()
    .split('\n');
  dns.zone = Object.fromEntries(
    lines.map((line) => {
      const [target = ''] = line.split('. ');
      return [target, { TXT: [[...line.matchAll(/"([^"]*)"/g)].map(([, part]) => part).join('')] }];
    }),
  );
  for (const selector of ['postamt1', 'postamt2']) {
    dns.zone[dkimName(selector, 'muster.at')] = { CNAME: cnameTarget(selector, 'muster.at', zone) };
  }
};
const publishAsText = async (): Promise<void> => {
  for (const key of (await keys()).filter(({ selector }) => selector.startsWith('pa'))) {
    dns.zone[dkimName(key.selector, 'muster.at')] = { TXT: [dkimValue({ algorithm: key.algorithm, publicKey: key.public })] };
  }
};

/** A signed letter, and what others find: selector, algorithm and result of each signature. */
const signed = async () => {
  const { signature, message } = await signMessage(opened.services, testSecret, letter, name);
  const whole = Buffer.concat([Buffer.from(signature), message]);
  const resolver = async (asked: string, type: string) => {
    const answer: unknown = await dnsResolverOf(opened.services.settings).resolve(asked, type);
    return answer as string[][];
  };
  const { results } = await dkimVerify(whole, { resolver });
  const ours = await checkSignatures(
    dnsResolverOf(opened.services.settings),
    whole,
    new MessageHeader(whole),
    headerEnd(whole) + 2,
    'test',
  );
  const found = results.filter(({ selector }) => selector !== undefined);
  const both = found.map((result) => ({ ...result, by: ours.dkim.find(({ selector }) => selector === result.selector)?.result }));
  return both.map(({ selector, algo, status, by }) => `${selector} ${algo} ${status.result} ${by}`);
};

beforeEach(async () => {
  dns.zone = {};
  await sql(test1.url, 'delete from dkim_key');
  const { privateKeyPem, publicKey } = await makeDkimKey('rsa');
  await sql(
    test1.url,
    `update domain set dkim_selector = 'pa1', dkim_private_key = $1, dkim_public_key = $2, dkim_seen_at = now(), dkim_checked_at = now(), dkim_made_at = now()`,
    [sealSecret(privateKeyPem, testSecret), publicKey],
  );
});
afterEach(() => {
  dns.zone = {};
});

describe('a domain that publishes its keys itself', () => {
  test('keeps its key and its selector, and gets an Ed25519 key to publish beside it', async () => {
    await publishAsText();
    const [before] = await keys();
    await pass(7, { zone: null });
    const [after, ed25519] = await keys();
    expect(after).toEqual(before);
    expect(await signed()).toEqual(['pa1 rsa-sha256 pass pass']);
    expect(createPrivateKey(openSecret(ed25519?.private ?? '', testSecret)).asymmetricKeyType).toBe('ed25519');
    await publishAsText();
    await pass(1, { zone: null });
    expect(await signed()).toEqual(['pa1 rsa-sha256 pass pass', 'pa2 ed25519-sha256 pass pass']);
  });

  test('signs with no key that the DNS does not show', async () => {
    await pass(7, { zone: null });
    expect(await described()).toEqual(['pa1 rsa', 'pa2 ed25519']);
    expect(await signed()).toEqual([]);
    await publishAsText();
    await pass(1, { zone: null });
    expect(await signed()).toHaveLength(2);
  });

  test('goes on signing while nobody answers for its DNS', async () => {
    await publishAsText();
    await pass(7, { zone: null });
    dns.zone[dkimName('pa1', 'muster.at')] = 'silent';
    await pass(7, { zone: null });
    expect(await described()).toEqual(['pa1 rsa seen', 'pa2 ed25519']);
  });

  test('moves to CNAMEs without a letter unsigned, and its old key stays for the letters on their way', async () => {
    await publishAsText();
    await pass(7);
    expect(await described()).toEqual(['pa1 rsa seen', 'postamt1 rsa', 'postamt2 ed25519']);
    const before = dns.zone;
    await publish();
    dns.zone = { ...before, ...dns.zone };
    await pass(1);
    expect(await signed()).toEqual(['pa1 rsa-sha256 pass pass', 'postamt2 ed25519-sha256 pass pass']);
    await pass(2);
    expect(await described()).toEqual(['postamt1 rsa seen', 'postamt2 ed25519 seen', 'pa1 rsa seen old']);
    expect(await signed()).toEqual(['postamt1 rsa-sha256 pass pass', 'postamt2 ed25519-sha256 pass pass']);
    await pass(8 * 24);
    expect(await described()).toEqual(['postamt1 rsa seen', 'postamt2 ed25519 seen']);
  });
});

describe('a renewal behind two CNAMEs', () => {
  /** Both keys in use, as after the first days of a domain. */
  const settled = async (): Promise<Row> => {
    await pass(7);
    await publish();
    await pass(1);
    await pass(2);
    await pass(8 * 24);
    expect(await described()).toEqual(['postamt1 rsa seen', 'postamt2 ed25519 seen']);
    return (await keys())[0] ?? expect.fail();
  };

  test('begins when the keys are old, takes over an hour after the DNS shows the new one, and ends with both algorithms', async () => {
    const old = await settled();
    await pass(24, { days: 180 });
    expect(await described()).toHaveLength(2);
    await pass(181 * 24, { days: 180 });
    expect(await described()).toEqual(['postamt1 rsa seen', 'postamt2 rsa']);
    // the operator did nothing yet: what signs is what was there
    expect(await signed()).toEqual(['postamt1 rsa-sha256 pass pass']);
    await pass(48, { days: 180 });
    expect(await described()).toEqual(['postamt1 rsa seen', 'postamt2 rsa']);
    await publish();
    await pass(1, { days: 180 });
    expect(await signed()).toEqual(['postamt1 rsa-sha256 pass pass']);
    await pass(2, { days: 180 });
    expect(await described()).toEqual(['postamt2 rsa seen', 'postamt1 rsa seen old']);
    expect(await signed()).toEqual(['postamt2 rsa-sha256 pass pass']);
    // letters of before are still verified: their key stands there for a week
    await publish();
    const published = dns.zone[cnameTarget('postamt1', 'muster.at', zone)];
    expect(published !== 'silent' && published?.TXT).toEqual([dkimValue({ algorithm: 'rsa', publicKey: old.public })]);
    await pass(6 * 24, { days: 180 });
    expect(await described()).toEqual(['postamt2 rsa seen', 'postamt1 rsa seen old']);
    await pass(2 * 24, { days: 180 });
    expect(await described()).toEqual(['postamt2 rsa seen', 'postamt1 ed25519']);
    await publish();
    await pass(1, { days: 180 });
    expect(await signed()).toEqual(['postamt2 rsa-sha256 pass pass', 'postamt1 ed25519-sha256 pass pass']);
    expect(await sql(test1.url, `select subject from audit_event where action = 'dkim-key.used'`)).not.toEqual([]);
  });

  test('does not begin again while the key before still stands for letters on their way: it would take its place', async () => {
    await settled();
    const isPossible = async (): Promise<boolean> => {
      const [rsa, ...others] = await keys();
      return rsa !== undefined && renewal({ rsa, others }, true) !== null;
    };
    expect(await isPossible()).toBe(true);
    await pass(181 * 24, { days: 180 });
    await publish();
    await pass(1);
    await pass(2);
    expect(await described()).toEqual(['postamt2 rsa seen', 'postamt1 rsa seen old']);
    expect(await isPossible()).toBe(false);
    await pass(8 * 24);
    expect(await described()).toEqual(['postamt2 rsa seen', 'postamt1 ed25519']);
    expect(await isPossible()).toBe(true);
  });

  test('is what the command prints, all of it or what is still missing', async () => {
    await settled();
    const run = promisify(execFile);
    const env = { ...process.env, DATABASE_URL: test1.url, POSTAMT_DKIM_ZONE: zone, POSTAMT_DNS: dns.address };
    const print = async (...args: string[]) => (await run(process.execPath, ['lib/dns/print-dkim-zone.ts', ...args], { env })).stdout;
    const lines = (await print()).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^postamt1\.muster\.at\.dkim\.postamt\.example\. 3600 IN TXT "v=DKIM1; k=rsa; p=[^"]{200,250}" "[^"]+"$/);
    expect(lines[1]).toMatch(/^postamt2\.muster\.at\.dkim\.postamt\.example\. 3600 IN TXT "v=DKIM1; k=ed25519; p=[^"]{44}"$/);
    expect(await print('--missing')).toBe('');
    delete dns.zone[cnameTarget('postamt2', 'muster.at', zone)];
    expect(await print('--missing')).toBe(`${lines[1]}\n`);
    await expect(print('--wrong')).rejects.toThrow(/Usage/);
  });

  test('does not begin where the second CNAME was never seen', async () => {
    await settled();
    dns.zone = Object.fromEntries(Object.entries(dns.zone).filter(([at]) => !at.startsWith('postamt2')));
    await pass(200 * 24, { days: 180 });
    expect(await described()).toEqual(['postamt1 rsa seen', 'postamt2 ed25519']);
  });

  test('takes over at once where the old key is gone', async () => {
    await settled();
    await pass(181 * 24, { days: 180 });
    await publish();
    delete dns.zone[dkimName('postamt1', 'muster.at')];
    await pass(1, { days: 180 });
    expect((await described())[0]).toBe('postamt2 rsa seen');
  });

  test('is given up with the zone: the domain publishes keys itself again', async () => {
    await settled();
    dns.zone = {};
    await pass(7, { zone: null });
    expect(await described()).toEqual(['postamt1 rsa', 'pa1 rsa', 'pa2 ed25519']);
    await publishAsText();
    await pass(1, { zone: null });
    expect(await signed()).toEqual(['pa1 rsa-sha256 pass pass', 'pa2 ed25519-sha256 pass pass']);
  });
});
