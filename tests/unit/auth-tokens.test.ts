import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { deriveKey } from '#lib/auth/derive-key.ts';
import { networkOf } from '#lib/addresses/network-of.ts';
import { type MailboxToken, signMailboxToken, verifyMailboxToken } from '#lib/auth/mailbox-token.ts';
import { accountId } from '#lib/db/ids.ts';

const secret = 'a secret of the tests, long enough for everybody';
const address = parseEmailAddress('max@muster.at');
if (!address) throw new Error('no address');
const claim: MailboxToken = { address, accountId: accountId(7), credentialVersion: 3 };

afterEach(() => vi.useRealTimers());

describe('mailbox tokens', () => {
  test('say what they were made for', async () => {
    expect(await verifyMailboxToken(await signMailboxToken(claim, secret, 60), secret)).toEqual(claim);
  });

  test('end with their time, and none lives longer than five minutes', async () => {
    const token = await signMailboxToken(claim, secret, 60);
    vi.useFakeTimers({ now: Date.now() + 70_000, toFake: ['Date'] });
    expect(await verifyMailboxToken(token, secret)).toBeNull();
    await expect(signMailboxToken(claim, secret, 301)).rejects.toThrow(RangeError);
    await expect(signMailboxToken(claim, secret, 0)).rejects.toThrow(RangeError);
  });

  test('of another installation, altered, unsigned, for another purpose or too long-lived are refused', async () => {
    const token = await signMailboxToken(claim, secret, 60);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const key = deriveKey(secret, 'mailbox token v1');
    const made = (audience: string, lifetime: string) =>
      new SignJWT({ address, version: 3 })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer('postamt-web')
        .setAudience(audience)
        .setSubject('7')
        .setIssuedAt(Math.floor(Date.now() / 1000) - (lifetime === 'old' ? 400 : 0))
        .setExpirationTime('1h')
        .sign(key);
    const forged = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
    for (const bad of [
      '',
      'x.y.z',
      await signMailboxToken(claim, `${secret}!`, 60),
      `${header}.${encode({ address, version: 3, sub: '8', aud: 'postamt-mail', iss: 'postamt-web' })}.${signature}`,
      `${encode({ alg: 'none' })}.${payload}.`,
      `${header}.${payload}.${forged}`,
      await made('postamt-web', 'new'),
      await made('postamt-mail', 'old'),
    ]) {
      expect(await verifyMailboxToken(bad, secret)).toBeNull();
    }
  });
});

test.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.0/24'],
  ['2001:db8:1:abcd:1::5', '2001:db8:1:ab00::/56'],
  ['2001:db8::1', '2001:db8:0:0::/56'],
  ['::1', '0:0:0:0::/56'],
  ['fe80::1%eth0', 'fe80:0:0:0::/56'],
  ['', 'unknown'],
])('the network of %s is %s', (remote, network) => expect(networkOf(remote)).toBe(network));
