import { headers } from 'next/headers';
import { nearestAddress } from '../../http/forwarded-for.ts';
import type { Browser } from '../web-session/begin-session.ts';

/**
 * IP address of the browser: the last entry of X-Forwarded-For, which is what the nearest proxy saw. Next fills the header from the
 * socket when there is no proxy. "unknown" when there is none.
 */
export async function remoteAddress(): Promise<string> {
  return nearestAddress((await headers()).get('x-forwarded-for')) ?? 'unknown';
}

export const browserOfRequest = async (): Promise<Browser> => ({
  userAgent: (await headers()).get('user-agent') ?? '',
  remoteAddress: await remoteAddress(),
});
