import { unstable_doesMiddlewareMatch } from 'next/experimental/testing/server';
import { expect, it } from 'vitest';
import { config } from '../../proxy.ts';

const nextConfig = {};

it.each(['/', '/mail', '/sign-in', '/nothing', '/metrics-of-mine', '/healthzz', '/healthz/x', '/_next/image', '/_next/static'])(
  'a page has the policy of pages, also where its path begins as that of something else: %s',
  (url) => {
    expect(unstable_doesMiddlewareMatch({ config, url, nextConfig })).toBe(true);
  },
);

it.each(['/healthz', '/metrics', '/api/mail/frame', '/_next/static/chunks/a.js'])('what is no page sets its own: %s', (url) => {
  expect(unstable_doesMiddlewareMatch({ config, url, nextConfig })).toBe(false);
});
