import { installation } from '../../config/installation.ts';
import { deriveKey } from '../derive-key.ts';

/** How the cookie of a sign-in is called and encrypted; its key is made once, since it is asked for with every request. */
interface CookieSettings {
  secret: string;
  secureCookie: boolean;
  /** as the library calls it, which makes it part of the cookie's key */
  name: string;
}

let made: CookieSettings | undefined;

export function cookieSettings(): CookieSettings {
  if (made) return made;
  const { secret, webUrl } = installation();
  const secureCookie = webUrl.startsWith('https:');
  made = {
    secret: deriveKey(secret, 'web session v1').toString('base64url'),
    secureCookie,
    name: `${secureCookie ? '__Secure-' : ''}authjs.session-token`,
  };
  return made;
}
