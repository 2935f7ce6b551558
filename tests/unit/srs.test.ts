import { describe, expect, test } from 'vitest';
import type { DomainName } from '#lib/addresses/domain-name.ts';
import { accountId, customerId } from '#lib/db/ids.ts';
import { readSrs, srsAddress } from '#mail-server/delivery/srs.ts';

const secret = 'a secret that only this test knows, long enough';
const ours = 'muster.at' as DomainName;
const by = { kind: 'forward', id: 123_456 } as const;
const localOf = (address: string): string => address.slice(0, address.lastIndexOf('@'));

describe('addresses of letters that are passed on', () => {
  test.each(['max@example.org', 'srs0=abcd=efg=example.net=max@relay.example', 'SRS1=abcd=first.example==xy=zz=a.example=b@relay.example'])(
    '%s comes back as who passed it on, also in other letters',
    (sender) => {
      const address = srsAddress(sender, ours, by, secret);
      expect(address).toMatch(/^SRS[01]=.*@muster\.at$/);
      expect(Buffer.byteLength(localOf(address))).toBeLessThanOrEqual(64);
      expect(readSrs(localOf(address), ours, secret)).toEqual(by);
      expect(readSrs(localOf(address).toLowerCase(), ours, secret)).toEqual(by);
      expect(readSrs(localOf(address).toUpperCase(), ours, secret)).toEqual(by);
    },
  );

  test('a sender that has not room still comes back', () => {
    for (const sender of [`${'x'.repeat(120)}@example.org`, '"a b"@example.org', 'käse@example.org']) {
      const address = srsAddress(sender, ours, by, secret);
      expect(address.length).toBeLessThanOrEqual(64 + 1 + ours.length);
      expect(readSrs(localOf(address), ours, secret)).toEqual(by);
    }
  });

  test('says whose the letter is where nothing was kept', () => {
    for (const back of [{ backTo: accountId(77) }, { backTo: 'owner', customer: customerId(12_345) }] as const) {
      const local = localOf(srsAddress('max@example.org', ours, { ...by, ...back }, secret));
      expect(readSrs(local.toUpperCase(), ours, secret)).toEqual({ ...by, ...back });
      expect(readSrs(local.replace(/-f(\w+)-\w+=/, '-f$1-1='), ours, secret)).toBeNull();
    }
  });

  test('the null sender stays null', () => expect(srsAddress('', ours, by, secret)).toBe(''));

  test('nobody else can write one, for another domain or another forward, or use one for ever', () => {
    const local = localOf(srsAddress('max@example.org', ours, by, secret));
    expect(readSrs(local, 'other.at', secret)).toBeNull();
    expect(readSrs(local, ours, `${secret}!`)).toBeNull();
    expect(readSrs(local.replace('example.org', 'example.net'), ours, secret)).toBeNull();
    expect(readSrs(local.replace(/-f\w+=/, '-f1='), ours, secret)).toBeNull();
    expect(readSrs(local, ours, secret, new Date(Date.now() + 31 * 86_400_000))).toBeNull();
    expect(readSrs(local, ours, secret, new Date(Date.now() + 29 * 86_400_000))).toEqual(by);
    expect(readSrs('SRS0=x', ours, secret)).toBeNull();
  });
});
