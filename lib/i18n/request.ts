import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { isLanguage, locales, negotiateLanguage, type LocaleTag } from './locales.ts';
import { messagesFor, type Messages } from './messages.ts';

declare module 'next-intl' {
  interface AppConfig {
    Locale: LocaleTag;
    Messages: Messages;
  }
}

const house = 'Europe/Vienna';

/** The person's (components/shell/zone-cookie.tsx), once their browser has said it. */
function zoneFrom(cookie: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: decodeURIComponent(cookie ?? '') || house }).resolvedOptions().timeZone;
  } catch {
    return house;
  }
}

/** The language stands in the cookie `locale`, never in the path; without the cookie the browser's wish counts. */
export default getRequestConfig(async () => {
  const jar = await cookies();
  const chosen = jar.get('locale')?.value;
  const language = isLanguage(chosen) ? chosen : negotiateLanguage((await headers()).get('accept-language'));
  return { locale: locales[language], messages: messagesFor(language), timeZone: zoneFrom(jar.get('zone')?.value) };
});
