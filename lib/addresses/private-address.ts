import { BlockList, isIP } from 'node:net';
import { plainAddress } from './plain-address.ts';

const near = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  near.addSubnet(network, prefix, 'ipv4');
near.addAddress('::1', 'ipv6');
near.addSubnet('fc00::', 7, 'ipv6');

/** True for loopback and private networks (RFC 1918, RFC 4193). False for what is no address. */
export function isPrivateAddress(address: string): boolean {
  const plain = plainAddress(address);
  const version = isIP(plain);
  return version !== 0 && near.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}

/** 127.0.0.0/8 and ::1. */
export const isLoopback = (address: string): boolean => /^127\.|^::1$/.test(plainAddress(address));
