import { expect, it } from 'vitest';
import { forwardedFor, nearestAddress } from '#lib/http/forwarded-for.ts';
import { isPrivateAddress } from '#lib/addresses/private-address.ts';

it.each<[string, string | string[] | undefined, string | undefined, string | undefined]>([
  ['a stranger cannot choose an address', '127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['nor with several headers', ['10.0.0.1', '127.0.0.1'], '2001:db8::7', '2001:db8::7'],
  ['a proxy on this machine is believed', '203.0.113.7', '127.0.0.1', '203.0.113.7'],
  ['a proxy in the network is believed', '198.51.100.1, 203.0.113.7', '::ffff:172.18.0.2', '198.51.100.1, 203.0.113.7'],
  ['without a proxy it is the connection', undefined, '::ffff:203.0.113.7', '203.0.113.7'],
  ['a connection without an address has none', '127.0.0.1', undefined, undefined],
])('%s', (_, given, peer, expected) => expect(forwardedFor(given, peer)).toBe(expected));

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['198.51.100.1, 203.0.113.7:50123', '203.0.113.7'],
  ['[2001:db8::7]:50123', '2001:db8::7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['2001:db8::7', '2001:db8::7'],
  ['198.51.100.1, unknown', null],
  ['[a]:1', null],
  [undefined, null],
])('the nearest proxy of %j saw %j', (field, expected) => expect(nearestAddress(field)).toBe(expected));

it.each([
  ['127.0.0.1', true],
  ['::1', true],
  ['::ffff:10.1.2.3', true],
  ['fd00::1', true],
  ['172.32.0.1', false],
  ['203.0.113.7', false],
  ['unknown', false],
  ['', false],
])('%j is private: %s', (address, expected) => expect(isPrivateAddress(address)).toBe(expected));
