import { expect, test } from 'vitest';
import { isNews } from '#mail-server/tls/hourly-news.ts';

test('a stranger with a network of addresses does not use up what the log tells of others', () => {
  const told = Array.from({ length: 2_000 }, (_, at) =>
    isNews({ service: 'submission', remoteAddress: `2001:db8:0:1::${(at + 1).toString(16)}` }, 'no TLS'),
  );
  expect(told.filter(Boolean)).toHaveLength(1);
  const printer = { service: 'submission', remoteAddress: '192.0.2.7' } as const;
  expect([isNews(printer, 'no TLS'), isNews(printer, 'no TLS'), isNews(printer, 'not signed in')]).toEqual([true, false, true]);
});
