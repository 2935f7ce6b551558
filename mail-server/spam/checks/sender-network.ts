import { isIP } from 'node:net';
import { reversed } from './judge-origin.ts';

/** The network that a host's neighbours of the same house are in: IPv4 /24, IPv6 /64. Large senders try again from another host of it. */
export function senderNetwork(address: string): string {
  if (isIP(address) === 4) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  const digits = reversed(address)?.split('.').toReversed().join('');
  return digits === undefined ? address : `${digits.slice(0, 16)}/64`;
}
