import { describe, expect, it } from 'vitest';
import { allowedTarget, fetchRemoteImage } from '#lib/webmail/fetch-remote-image.ts';
import { isPublicAddress } from '#lib/addresses/public-address.ts';

describe('pictures from elsewhere', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.127.255.255',
    '0.0.0.0',
    '198.18.0.1',
    '192.0.2.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001::1',
    'ff02::1',
    'not-an-address',
  ])('are never fetched from %s', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['8.8.8.8', '185.199.108.153', '100.128.0.1', '2606:4700::1111'])('may be fetched from %s', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'https://user:pw@muster.at/',
    'https://muster.at:8443/',
    'ftp://muster.at/',
    'file:///etc/passwd',
    'gopher://muster.at/',
    'not a url',
    'http://169.254.169.254/latest/meta-data',
  ])('are refused at the address %s', (url) => expect(allowedTarget(url)).toBeNull());

  it('are not fetched from a name that leads to ourselves', async () => {
    expect(await fetchRemoteImage('http://localhost/logo.png')).toBeNull();
  });
});
