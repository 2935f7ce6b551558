import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const production = process.env.NODE_ENV === 'production';

// The content security policy carries a nonce and therefore stands in proxy.ts.
const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  // for what has no policy, as the page for a path that is not there; where a policy says frame-ancestors, browsers go by that
  { key: 'X-Frame-Options', value: 'SAMEORIGIN' },
  // tells other sites nothing; no-referrer would make browsers send "Origin: null" with forms, which server actions refuse
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  ...(production ? [{ key: 'Strict-Transport-Security', value: 'max-age=31536000' }] : []),
];

const nextConfig: NextConfig = {
  output: 'standalone',
  distDir: process.env['NEXT_DIST_DIR'] ?? '.next',
  // `npm test` checks the types of every part; a start on an installed machine has no use for it
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: false,
  devIndicators: false,
  // nothing here uses Next's picture service: a door less, that anybody could have scale pictures
  images: { unoptimized: true },
  allowedDevOrigins: ['127.0.0.1'],
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
  // the tracer takes along what it cannot follow; a data directory must never land in a build
  outputFileTracingExcludes: { '/*': ['./.data/**', './.test/**', './tests/**', './docs/**', './mail-server/**', './.git/**'] },
  // What comes for a page is held in memory for proxy.ts, whoever sends it: no more of it than an action takes (1 MB), where Next would hold ten.
  experimental: { proxyClientMaxBodySize: 1_200_000 },
  serverExternalPackages: ['@node-rs/argon2', '@prisma/adapter-pg', 'html-to-text', 'imapflow', 'nodemailer', 'pg', 'pino', 'prom-client'],
  // Paths that mail programs ask for; some of them in capitals. Path matching is case-insensitive.
  rewrites: async () => ({
    beforeFiles: [
      { source: '/mail/config-v1.1.xml', destination: '/mail-setup/autoconfig' },
      { source: '/.well-known/autoconfig/mail/config-v1.1.xml', destination: '/mail-setup/autoconfig' },
      { source: '/.well-known/mta-sts.txt', destination: '/mail-setup/mta-sts' },
      { source: '/autodiscover/autodiscover.xml', destination: '/mail-setup/autodiscover' },
      // newer Outlooks append the address: /autodiscover.json/v1.0/max@muster.at
      { source: '/autodiscover/autodiscover.json/:path*', destination: '/mail-setup/autodiscover-json' },
    ],
    afterFiles: [],
    fallback: [],
  }),
  redirects: async () => [{ source: '/.well-known/change-password', destination: '/account#password', permanent: false }],
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
};

export default createNextIntlPlugin('./lib/i18n/request.ts')(nextConfig);
