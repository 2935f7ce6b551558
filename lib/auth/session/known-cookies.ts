import { onceInProcess } from '../../config/once-in-process.ts';
import { BoundedMap } from '../../workers/bounded-map.ts';
import { cookieValue } from './cookie-value.ts';

/** What a cookie of ours says, which never changes, and what the database said of it. */
export interface KnownCookie {
  key: string;
  untilMs: number;
  /** the address of whoever it signs in, as far as the database said so with the last request */
  who: string | null;
  /** when it said so */
  saidAtMs: number;
}

const mostKnown = 2000;
/** A session may be ended from elsewhere, and who has its cookie yet shall not have the turns of whoever ended it. */
const believedMs = 600_000;

/** Cookies that were read, the one used last at the end. */
export const knownCookies = onceInProcess('auth.cookie-keys', () => new BoundedMap<string, KnownCookie>(mostKnown));

export function noteWhose(cookie: KnownCookie, who: string | null): void {
  cookie.who = who;
  cookie.saidAtMs = Date.now();
}

/** Whose sign-in the cookie `name` of a Cookie field carries, if this process knows it already. Who asks for more than a turn asks the database. */
export function whoseCookie(field: string | undefined, name: string): string | null {
  const value = cookieValue(field, name);
  const known = value === null ? undefined : knownCookies.get(value);
  return known && Date.now() - known.saidAtMs < believedMs ? known.who : null;
}
