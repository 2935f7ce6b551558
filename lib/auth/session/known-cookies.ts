/** What a cookie of ours says; it never changes. */
export interface KnownCookie {
  key: string;
  untilMs: number;
  /** the address of whoever it signs in, as far as the database said so with the last request */
  who: string | null;
}

// Next bundles routes apart from each other: one memory for all of them lives on globalThis.
const globalKey = Symbol.for('postamt.auth.cookie-keys');
const holder = globalThis as unknown as { [globalKey]?: Map<string, KnownCookie> };
holder[globalKey] ??= new Map();

/** Cookies that were read, the one used last at the end. */
export const knownCookies = holder[globalKey];

/** Whose sign-in the cookie `name` of a Cookie field carries, if this process knows it already. Who asks for more than a turn asks the database. */
export function whoseCookie(field: string | undefined, name: string): string | null {
  for (const pair of field?.split(';') ?? []) {
    const [given, value = ''] = pair.split('=', 2);
    if (given?.trim() === name) return knownCookies.get(value.trim())?.who ?? null;
  }
  return null;
}
