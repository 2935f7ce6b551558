import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { signMailboxToken } from '#lib/auth/mailbox-token.ts';
import type { AccountId } from '#lib/db/ids.ts';
import type { AuthenticationResult } from '#mail-server/auth/types.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { addAppPassword, setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';

let database: TestDatabase;
let one: TestServices;
let other: TestServices;
let account: AccountId;
let address: string;
let serial = 0;
const right = 'drei Katzen im Regen';

beforeAll(async () => {
  database = await createTestDatabase();
  // two processes of an installation
  one = await openTestServices(database.url);
  other = await openTestServices(database.url);
});
afterAll(async () => {
  await one.close();
  await other.close();
  await database.drop();
});
beforeEach(async () => {
  address = `max${++serial}@muster.at`;
  account = await createAccount(database.url, address);
  await setPassword(database.url, account, right);
});

// each mailbox in a network of its own, so that no test waits for another's failures
const network = () => `10.0.${serial}.7`;
const login = (password: string, options: { user?: string; remoteAddress?: string; services?: TestServices } = {}) =>
  (options.services ?? one).services.authenticator.password({
    user: options.user ?? address,
    password,
    remoteAddress: options.remoteAddress ?? network(),
    protocol: 'imap',
  });
const outcome = (result: AuthenticationResult) => (result.ok ? result.principal.credential : result.failure);
const failTimes = async (count: number, options: Parameters<typeof login>[1] = {}) => {
  for (let index = 0; index < count; index++) await login(`wrong ${index}`, options);
};

describe('passwords', () => {
  test('the right one opens the mailbox, also with the address in capitals', async () => {
    expect(await login(right, { user: address.toUpperCase() })).toEqual({
      ok: true,
      principal: {
        accountId: account,
        customerId: 1,
        address,
        name: '',
        locale: 'de',
        credential: 'password',
        credentialVersion: 2,
        appPasswordId: null,
      },
    });
  });

  test.each(['', 'wrong', `${right} `, 'a\0b', 'x'.repeat(2000)])('%j opens nothing', async (password) => {
    expect(outcome(await login(password))).toBe('InvalidCredentials');
  });

  test('a mailbox that does not exist and a name that is none answer like a wrong password', async () => {
    for (const user of [`nobody${serial}@muster.at`, 'nonsense', '', '@', "max' or 1=1 --"]) {
      expect(outcome(await login(right, { user, remoteAddress: `10.9.${serial}.${user.length}` }))).toBe('InvalidCredentials');
    }
  });

  test('eight connections at once with the right password all get in, and leave no failure behind', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => login(right)));
    expect(results.map(outcome)).toEqual(Array(8).fill('password'));
  });

  test('after a change the old password is refused at once, though it was right a moment ago', async () => {
    await login(right);
    await setPassword(database.url, account, 'ganz was anderes');
    expect(outcome(await login(right))).toBe('InvalidCredentials');
    expect(outcome(await login('ganz was anderes'))).toBe('password');
  });

  test('an app password opens until it is revoked, however it was typed', async () => {
    const app = await addAppPassword(database.url, account);
    expect(outcome(await login(app))).toBe('app-password');
    expect(outcome(await login(app.replaceAll('-', '').toUpperCase()))).toBe('app-password');
    expect(await sql(database.url, 'select last_protocol from app_password where mailbox_id = $1', [account])).toEqual([
      { last_protocol: 'imap' },
    ]);
    await sql(database.url, 'update app_password set revoked_at = now() where mailbox_id = $1', [account]);
    expect(outcome(await login(app))).toBe('InvalidCredentials');
  });

  test("another mailbox's app password opens nothing", async () => {
    const strange = await createAccount(database.url, `strange${serial}@muster.at`);
    expect(outcome(await login(await addAppPassword(database.url, strange)))).toBe('InvalidCredentials');
  });
});

describe('suspension', () => {
  test('a suspended mailbox says so to whoever knows the password, and to nobody else', async () => {
    await login(right);
    await sql(database.url, `update mailbox set status = 'suspended' where id = $1`, [account]);
    expect(outcome(await login(right))).toBe('Suspended');
    expect(outcome(await login('wrong'))).toBe('InvalidCredentials');
  });

  test('a deleted mailbox is unknown', async () => {
    await sql(database.url, `update mailbox set status = 'deleted' where id = $1`, [account]);
    expect(outcome(await login(right))).toBe('InvalidCredentials');
  });
});

describe('guessing', () => {
  test('after five failures even the right password is refused from that network, by every process', async () => {
    await failTimes(4);
    expect(outcome(await login('wrong'))).toBe('InvalidCredentials');
    expect(outcome(await login(right))).toBe('TooManyAttempts');
    expect(outcome(await login(right, { services: other, remoteAddress: network().replace('.7', '.99') }))).toBe('TooManyAttempts');
  });

  test('the owner gets in from elsewhere meanwhile', async () => {
    await failTimes(6);
    expect(outcome(await login(right, { remoteAddress: '198.51.100.1' }))).toBe('password');
  });

  test('guesses sent side by side are looked at one after the other: five are, no more', async () => {
    const results = await Promise.all(Array.from({ length: 15 }, (_, index) => login(`guess ${index}`)));
    const looked = results.filter((result) => outcome(result) === 'InvalidCredentials');
    expect(looked).toHaveLength(5);
  });

  test('the right password forgets the failures before it', async () => {
    await failTimes(4);
    expect(outcome(await login(right))).toBe('password');
    await failTimes(4);
    expect(outcome(await login(right))).toBe('password');
  });

  test('the wait ends', async () => {
    await failTimes(5);
    await sql(
      database.url,
      `update login_throttle set blocked_until = now() - interval '1 s', last_at = now() - interval '1 hour'
      where key like $1`,
      [`%${address}%`],
    );
    expect(outcome(await login(right))).toBe('password');
  });

  test('the same wrong password counts once, for all processes together', async () => {
    for (let attempt = 0; attempt < 4; attempt++) {
      expect(outcome(await login('yesterday'))).toBe('InvalidCredentials');
      expect(outcome(await login('yesterday', { services: other }))).toBe('InvalidCredentials');
    }
    expect(outcome(await login(right))).toBe('password');
  });

  test('where the right password worked before, a block makes guesses slow and refuses nobody', async () => {
    await login(right);
    await failTimes(5);
    const started = performance.now();
    expect(outcome(await login('wrong'))).toBe('InvalidCredentials');
    expect(performance.now() - started).toBeGreaterThan(1_900);
    // this process remembers the right one, another has to look, and an app password is nothing to guess at
    expect(outcome(await login(right))).toBe('password');
    expect(outcome(await login(right, { services: other }))).toBe('password');
    expect(outcome(await login(await addAppPassword(database.url, account), { services: other }))).toBe('app-password');
    // elsewhere nothing of that is known
    for (let guess = 0; guess < 5; guess++) await login(`elsewhere ${guess}`, { remoteAddress: '198.51.102.1' });
    expect(outcome(await login(right, { remoteAddress: '198.51.102.1' }))).toBe('TooManyAttempts');
  });

  test('what failed is kept as a digest that goes after a day', async () => {
    await login('yesterday');
    await sql(database.url, `update failed_secret set last_at = now() - interval '25 hours'`);
    await sql(database.url, 'select login_throttle_clean(100)');
    expect(await sql(database.url, 'select 1 from failed_secret')).toEqual([]);
  });

  test('who guesses at many mailboxes is blocked for all but those who were at home there before', async () => {
    const remoteAddress = `10.77.${serial}.1`;
    await login(right, { remoteAddress });
    for (let index = 0; index < 100; index++) {
      await one.services.database.write({ name: 'test_fail', text: 'select o_wait_s from login_throttle_fail($1, $2, 5, 900)' }, [
        `victim${index}@muster.at`,
        `10.77.${serial}.0/24`,
      ]);
    }
    const newcomer = await createAccount(database.url, `newcomer${serial}@muster.at`);
    await setPassword(database.url, newcomer, right);
    expect(outcome(await login(right, { user: `newcomer${serial}@muster.at`, remoteAddress }))).toBe('TooManyAttempts');
    expect(outcome(await login(right, { remoteAddress }))).toBe('password');
  });

  test('guesses from many networks at one mailbox block new networks, not the ones its owner uses', async () => {
    await login(right);
    for (let index = 0; index < 100; index++) {
      await one.services.database.write({ name: 'test_fail', text: 'select o_wait_s from login_throttle_fail($1, $2, 5, 900)' }, [
        address,
        `203.0.${index}.0/24`,
      ]);
    }
    expect(outcome(await login(right, { remoteAddress: '198.51.101.1' }))).toBe('TooManyAttempts');
    expect(outcome(await login(right))).toBe('password');
    // a telephone is in a new network every day, and has what nobody guesses
    const app = await addAppPassword(database.url, account);
    for (const services of [one, other])
      expect(outcome(await login(app, { remoteAddress: '198.51.103.1', services }))).toBe('app-password');
    expect(
      outcome(
        await login(
          app.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
          { remoteAddress: '198.51.104.1' },
        ),
      ),
    ).toBe('TooManyAttempts');
  });
});

describe('tokens of the web', () => {
  const token = async (version: number, id = account) => {
    const parsed = parseEmailAddress(address);
    if (!parsed) throw new Error('no address');
    return signMailboxToken({ address: parsed, accountId: id, credentialVersion: version }, testSecret, 60);
  };
  const bearer = async (value: string, user = '') =>
    outcome(await one.services.authenticator.bearer({ user, token: value, remoteAddress: '127.0.0.1', protocol: 'imap' }));

  test('open the mailbox that they name', async () => {
    expect(await bearer(await token(2))).toBe('token');
    expect(await bearer(await token(2), address)).toBe('token');
    expect(await bearer(await token(2), 'erika@muster.at')).toBe('InvalidCredentials');
  });

  test('of an older password, for another account, or made up open nothing', async () => {
    expect(await bearer(await token(1))).toBe('InvalidCredentials');
    expect(await bearer(await token(2, (account + 1) as AccountId))).toBe('InvalidCredentials');
    expect(await bearer('abc')).toBe('InvalidCredentials');
  });

  test('do not open a suspended mailbox', async () => {
    await sql(database.url, `update mailbox set status = 'suspended' where id = $1`, [account]);
    // a suspension makes the credentials another version: tokens of before are worth nothing, those of after are told why
    expect(await bearer(await token(2))).toBe('InvalidCredentials');
    expect(await bearer(await token(3))).toBe('Suspended');
  });
});

test('without a database the answer is "try again", not "wrong password"', async () => {
  const away = await openTestServices('postgresql://postamt@127.0.0.1:1/nothing');
  expect(outcome(await login(right, { services: away }))).toBe('Unavailable');
  await away.close();
});
