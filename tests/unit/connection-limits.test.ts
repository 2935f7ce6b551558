import { describe, expect, test } from 'vitest';
import { accountId } from '#lib/db/ids.ts';
import { createConnectionLimits } from '#mail-server/tls/connection-limits.ts';

const end = (): void => undefined;
const most = { connections: 1_000, connectionsPerAddress: 10, connectionsPerMailbox: 10 };

test('one host has no more places in IPv6 than in IPv4, from however many addresses it comes', () => {
  const limits = createConnectionLimits(most);
  const places = Array.from({ length: 2_000 }, (_, at) => limits.take(`2001:db8:1:1::${at.toString(16)}`, end)).filter(
    (place) => place !== null,
  );
  expect(places).toHaveLength(10);
  expect(limits.take('2001:db8:2:1::1', end)).not.toBeNull();
  expect(limits.take('192.0.2.1', end)).not.toBeNull();
  places[0]?.giveBack();
  expect(limits.take('2001:db8:1:1:ffff::1', end)).not.toBeNull();
});

test('neighbours in IPv4 have places of their own', () => {
  const limits = createConnectionLimits(most);
  for (let at = 0; at < 20; at++) expect(limits.take(`192.0.2.${at}`, end)).not.toBeNull();
});

describe('where no place is left', () => {
  const few = { connections: 6, connectionsPerAddress: 10, connectionsPerMailbox: 10 };
  const crowd = () => {
    const limits = createConnectionLimits(few);
    const lost: string[] = [];
    const take = (host: string, name = host) => limits.take(host, () => void lost.push(name));
    return { limits, lost, take };
  };

  test('whoever has the most loses his oldest to who has fewer, until all have the same', () => {
    const { lost, take } = crowd();
    const flood = [1, 2, 3, 4, 5].map((at) => take('192.0.2.1', `flood ${at}`));
    take('192.0.2.2');
    expect(take('192.0.2.1')).toBeNull();
    expect(take('192.0.2.3')).not.toBeNull();
    expect(take('192.0.2.2', 'second')).not.toBeNull();
    expect(lost).toEqual(['flood 1', 'flood 2']);
    expect(take('192.0.2.3', 'second')).not.toBeNull();
    // two each: he who comes anew takes one, and he who lost it does not get it back at once
    expect(take('192.0.2.2')).toBeNull();
    for (const place of flood) place?.giveBack();
    // of what was lost nothing is given back twice
    expect([take('192.0.2.4'), take('192.0.2.4')].filter((place) => place !== null)).toHaveLength(2);
    expect(lost).toHaveLength(3);
    expect(take('192.0.2.4')).toBeNull();
  });

  test('nobody loses it who has signed in, nor a host that is trusted', () => {
    const { limits, lost, take } = crowd();
    const known = [1, 2, 3].map(() => take('192.0.2.1', 'signed in'));
    for (const place of known) expect(place?.signIn({ accountId: accountId(1n), credential: 'password' })).toBe(true);
    const trusted = [1, 2].map(() => limits.take('127.0.0.1', null));
    take('192.0.2.9', 'stranger');
    expect(take('192.0.2.2')).not.toBeNull();
    expect(lost).toEqual(['stranger']);
    expect(take('192.0.2.2')).toBeNull();
    known[0]?.giveBack();
    trusted[0]?.giveBack();
    expect([take('192.0.2.2'), take('192.0.2.2')]).not.toContain(null);
    expect(take('192.0.2.2')).toBeNull();
    expect(lost).toHaveLength(1);
  });
});
