import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { expect, test } from 'vitest';

/** They ask what time it is, or how old something is that has a date. */
const askTheTime = [
  'mail-server/auth/login-watch.ts',
  'mail-server/delivery/read-letter.ts',
  'mail-server/delivery/rules/decide.ts',
  'mail-server/delivery/signing/make-signature.ts',
  'mail-server/housekeeping/tend-domain-keys.ts',
  'mail-server/imap/search/parse-keys.ts',
  'mail-server/queue/queue-command.ts',
  'mail-server/reports/take-report.ts',
  'mail-server/spam/extract-features.ts',
  'mail-server/tls/judge-certificate.ts',
];

test('a clock that is set ends no session and no form, and lets none stay: both servers measure by performance.now()', async () => {
  const found: string[] = [];
  for await (const path of glob(['mail-server/**/*.ts', 'lib/http/**/*.ts']))
    if (readFileSync(path, 'utf8').includes('Date.now()')) found.push(path);
  expect(found.sort()).toEqual(askTheTime);
});

test('nor does anybody wait an hour longer for a letter or a process, when it is set back', async () => {
  const found: string[] = [];
  for await (const path of glob(['lib/**/*.ts', 'app/**/*.ts']))
    if (/\b(?:until|deadline) = Date\.now\(\)|Date\.now\(\) - began\b/.test(readFileSync(path, 'utf8'))) found.push(path);
  expect(found).toEqual([]);
});
