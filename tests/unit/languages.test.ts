import { createTranslator } from 'next-intl';
import { expect, it } from 'vitest';
import { formatBytes, formatUsage } from '#lib/i18n/format-bytes.ts';
import { negotiateLanguage } from '#lib/i18n/locales.ts';
import { messagesFor } from '#lib/i18n/messages.ts';

const leaves = (value: object, path = ''): [string, string][] =>
  Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? [[`${path}${key}`, inner] as [string, string]] : leaves(inner, `${path}${key}.`),
  );

const german = new Map(leaves(messagesFor('de')));
const english = new Map(leaves(messagesFor('en')));

it('every text exists in German and in English', () => {
  expect([...german.keys()].toSorted()).toEqual([...english.keys()].toSorted());
});

it('German and English ask for the same values', () => {
  // "{name}" and "{name, plural, …}", not the sentences inside a plural: "one {Eines ist voll.}"
  const names = (text: string) =>
    [...new Set([...text.matchAll(/(?<!(?:one|other|=\d+)\s*)\{\s*(\w+)\s*[,}]/g)].map(([, name]) => name))].toSorted();
  const differing = [...german].filter(([key, text]) => names(text).join() !== names(english.get(key) ?? '').join()).map(([key]) => key);
  expect(differing).toEqual([]);
});

it('every text is well-formed ICU', () => {
  const failures: string[] = [];
  for (const [language, texts] of [
    ['de-AT', german],
    ['en-GB', english],
  ] as const) {
    const messages = messagesFor(language === 'de-AT' ? 'de' : 'en');
    const translate = createTranslator({
      locale: language,
      messages,
      onError: (error) => error.code === 'INVALID_MESSAGE' && failures.push(error.message),
    });
    for (const key of texts.keys()) translate.rich(key as 'common.brand', { b: (text) => text, mono: (text) => text });
  }
  expect(failures).toEqual([]);
});

it('"E-Mail" does not break after its hyphen', () => {
  expect([...german.values()].filter((text) => text.includes('E-Mail'))).toEqual([]);
});

it('nobody is shouted at', () => {
  const loud = [...german, ...english].filter(([, text]) => /!(?!\w)|\b(Ups|leider|Oops|unfortunately)\b/i.test(text)).map(([key]) => key);
  expect(loud).toEqual([]);
});

it.each([
  [null, 'de'],
  ['', 'de'],
  ['en', 'en'],
  ['en-US,en;q=0.9,de;q=0.8', 'en'],
  ['fr-FR, de;q=0.5, en;q=0.4', 'de'],
  ['de;q=0.3, en;q=0.9', 'en'],
  ['en;q=0', 'de'],
  ['*', 'de'],
  [`${'x,'.repeat(5000)}en`, 'de'],
])('Accept-Language %j gives %s', (header, language) => expect(negotiateLanguage(header)).toBe(language));

it('amounts of storage read as people write them', () => {
  const plain = (text: string) => text.replaceAll(/\s/gu, ' ');
  expect(plain(formatBytes('de-AT', 8.6 * 2 ** 30))).toBe('8,6 GB');
  expect(plain(formatBytes('en-GB', 412 * 1024))).toBe('412 kB');
  expect(formatUsage('de-AT', 8.6 * 2 ** 30, 10 * 2 ** 30)).toMatchObject({ used: '8,6' });
  expect(plain(formatUsage('de-AT', 3 * 2 ** 20, 10 * 2 ** 30).used)).toBe('3 MB');
  expect(formatUsage('de-AT', 0, 10 * 2 ** 30)).toMatchObject({ used: '0' });
});
