import { isIP } from 'node:net';
import { plainAddress } from '../addresses/plain-address.ts';
import { isPrivateAddress } from '../addresses/private-address.ts';

/**
 * What X-Forwarded-For shall say once the request is inside. A proxy (loopback or a private network) is believed; anybody else could
 * write any address there to escape the throttle, so theirs is replaced with the address of the connection itself.
 */
export function forwardedFor(given: string | string[] | undefined, peer: string | undefined): string | undefined {
  const address = plainAddress(peer ?? '');
  if (!address) return undefined;
  const header = Array.isArray(given) ? given.join(', ') : given;
  return isPrivateAddress(address) && header ? header : address;
}

/** Its last entry: what the nearest proxy saw, without the port that some write behind it. Null where that is no address. */
export function nearestAddress(field: string | string[] | null | undefined): string | null {
  const last = field?.toString().split(',').at(-1)?.trim() ?? '';
  const address = withPort.exec(last)?.slice(1).find(Boolean) ?? last;
  return isIP(address) ? address : null;
}

const withPort = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/;
