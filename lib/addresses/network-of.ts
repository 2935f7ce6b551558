import { isIPv4, isIPv6 } from 'node:net';
import { plainAddress } from './plain-address.ts';

/** The /24 of an IPv4 address, the /56 of an IPv6 address (what one customer of an access provider has): "192.0.2.0/24", "2001:db8:0:100::/56". */
export function networkOf(remoteAddress: string): string {
  const address = plainAddress(remoteAddress);
  if (isIPv4(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`;
  if (!isIPv6(address)) return 'unknown';
  const [front = '', back] = address.split('::');
  const groups = (part: string) => part.split(':').filter(Boolean);
  const missing = 8 - groups(front).length - groups(back ?? '').length;
  const all = back === undefined ? groups(front) : [...groups(front), ...Array<string>(Math.max(0, missing)).fill('0'), ...groups(back)];
  const first = all.slice(0, 4).map((group) => Number.parseInt(group, 16) || 0);
  first[3] = (first[3] ?? 0) & 0xff00;
  return `${first.map((group) => group.toString(16)).join(':')}::/56`;
}

/** One host: in IPv6 it has as many addresses as it likes, there its network is taken. */
export function hostOf(remoteAddress: string): string {
  const address = plainAddress(remoteAddress);
  return address.includes(':') ? networkOf(address) : address;
}
