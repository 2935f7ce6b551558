import { installation } from '../../config/installation.ts';
import { deriveKey } from '../derive-key.ts';

/** How the cookie of a sign-in is called and encrypted; its key is made once, since it is asked for with every request. */
interface CookieSettings {
  secret: string;
  secureCookie: boolean;
  /** as the library calls it, which makes it part of the cookie's key */
  name: string;
  /** the library's second one, without which it signs in nobody whose browser has an odd one */
  callbackName: string;
}

let made: CookieSettings | undefined;

export function cookieSettings(): CookieSettings {
  if (made) return made;
  const { secret, webUrl } = installation();
  made = { secret: deriveKey(secret, 'web session v1').toString('base64url'), ...cookieNames(webUrl) };
  return made;
}

/**
 * "__Host-" (RFC 6265bis section 4.1.3.2): the browser takes such a cookie from this very host only. Of "__Secure-", as the library calls them, each
 * other host below our domain could give one: it would sign people in to a mailbox of its own, or keep them from signing in.
 */
export function cookieNames(webUrl: string): Omit<CookieSettings, 'secret'> {
  const secureCookie = webUrl.startsWith('https:');
  const prefix = secureCookie ? '__Host-' : '';
  return { secureCookie, name: `${prefix}authjs.session-token`, callbackName: `${prefix}authjs.callback-url` };
}
