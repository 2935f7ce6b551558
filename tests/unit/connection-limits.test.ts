import { expect, test } from 'vitest';
import { createConnectionLimits } from '#mail-server/tls/connection-limits.ts';

const most = { connections: 1_000, connectionsPerAddress: 10, connectionsPerMailbox: 10 };

test('one host has no more places in IPv6 than in IPv4, from however many addresses it comes', () => {
  const limits = createConnectionLimits(most);
  const places = Array.from({ length: 2_000 }, (_, at) => limits.take(`2001:db8:1:1::${at.toString(16)}`)).filter(
    (place) => place !== null,
  );
  expect(places).toHaveLength(10);
  expect(limits.take('2001:db8:2:1::1')).not.toBeNull();
  expect(limits.take('192.0.2.1')).not.toBeNull();
  places[0]?.giveBack();
  expect(limits.take('2001:db8:1:1:ffff::1')).not.toBeNull();
});

test('neighbours in IPv4 have places of their own', () => {
  const limits = createConnectionLimits(most);
  for (let at = 0; at < 20; at++) expect(limits.take(`192.0.2.${at}`)).not.toBeNull();
});
