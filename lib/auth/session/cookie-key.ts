import { headers } from 'next/headers';
import { decode } from 'next-auth/jwt';
import { cookieSettings } from './cookie-settings.ts';
import { cookieValue } from './cookie-value.ts';
import { knownCookies as known, type KnownCookie } from './known-cookies.ts';

/**
 * What this request's cookie says, first of all the key of a row of web_session; null without one. Asking the library decrypts the cookie and encrypts the
 * next one, with each request: a dozen turns of event loop and thread pool, where a request waits behind whatever others are doing each time.
 * What a cookie says never changes, so it is read once; whether the row is still there is asked with every request (find-session.ts).
 */
export async function readCookie(): Promise<KnownCookie | null> {
  const { secret, name } = cookieSettings();
  const cookie = cookieValue((await headers()).get('cookie'), name);
  if (!cookie) return null;
  const found = known.get(cookie) ?? (await read(cookie, secret, name));
  if (!found || found.untilMs < Date.now()) {
    known.delete(cookie);
    return null;
  }
  // what is used is kept
  known.set(cookie, found);
  return found;
}

/** Null: not made here, or expired. */
async function read(cookie: string, secret: string, salt: string): Promise<KnownCookie | null> {
  const token = await decode({ token: cookie, secret, salt }).catch(() => null);
  const key = token?.['key'];
  return typeof key === 'string' ? { key, untilMs: (token?.exp ?? 0) * 1000, who: null, saidAtMs: 0 } : null;
}
