/** Languages of the interface. The tag is what Intl and the lang attribute get: Austrian German, British English. */
export const locales = { de: 'de-AT', en: 'en-GB' } as const;
export type Language = keyof typeof locales;
export type LocaleTag = (typeof locales)[Language];

export const isLanguage = (value: string | undefined): value is Language => value === 'de' || value === 'en';
export const languageOf = (locale: string): Language => (locale.startsWith('en') ? 'en' : 'de');

/** First supported language of an Accept-Language header (RFC 9110, section 12.5.4); German if none is. */
export function negotiateLanguage(header: string | null): Language {
  const wanted = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part, order) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag.slice(0, 2).toLowerCase(), quality: quality === undefined ? 1 : Number(quality), order };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.order - b.order);
  return wanted.map(({ language }) => language).find(isLanguage) ?? 'de';
}
