import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Which folders `npm test` runs, one after the other in one run: fast ones first. POSTAMT_TEST_DATABASE names the Postgres. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/start-postgres.ts'],
    // real servers, real sockets: a slow machine must not fail them, a hung one must not last
    testTimeout: 30_000,
    hookTimeout: 120_000,
    pool: 'forks',
    env: { POSTAMT_ENV: 'test', POSTAMT_LOG_LEVEL: 'silent' },
  },
});
