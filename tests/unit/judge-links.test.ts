import { expect, it } from 'vitest';
import { isBrandItself, judgeLinks } from '#mail-server/spam/judge-links.ts';

const plain = { href: 'https://paypal.sicher.xyz/a', text: 'Hier' };

it('a host that a letter leads to a hundred times says what it says once', () => {
  const once = judgeLinks([plain]);
  expect(once.reasons.map(({ code }) => code).sort()).toEqual(['link-disguised', 'link-of-brand']);
  expect(judgeLinks(Array.from({ length: 100 }, () => plain))).toEqual({ ...once, count: 100 });
});

it('what a further link to the same host shows is seen', () => {
  const more = [
    { href: 'https://paypal.sicher.xyz/b', text: 'www.bank.at' },
    { href: 'https://bank.at@paypal.sicher.xyz/', text: '' },
  ];
  const { reasons } = judgeLinks([plain, ...more]);
  expect(reasons).toContainEqual({ code: 'link-pretends', points: 2, data: 'bank.at → paypal.sicher.xyz' });
  expect(reasons).toContainEqual({ code: 'link-disguised', points: 2.5, data: 'paypal.sicher.xyz' });
});

it('a house is itself under its own name, and not under one that only begins so', () => {
  expect(['paypal.com', 'mail.paypal.de', 'netflix.com', 'hermesworld.com'].map(isBrandItself)).toEqual([true, true, true, false]);
  expect(['paypal-service.com', 'paypal.shop', 'netflixx.com', 'firma.at'].map(isBrandItself)).toEqual([false, false, false, false]);
});
