import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Each worker of the installed product has one of its own. */
const installations = 2;

const common = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  // real servers, real sockets: a slow machine must not fail them, a hung one must not last
  testTimeout: 60_000,
  hookTimeout: 120_000,
  pool: 'forks' as const,
  // one more than there are cores: each waits now and then, for a socket or for a clock
  maxWorkers: availableParallelism() + 1,
  // on a busy machine: what fails once and then passes is named as such at the end of `npm test`; what fails twice has failed
  retry: 1,
  env: { POSTAMT_ENV: 'test', POSTAMT_LOG_LEVEL: 'silent' },
};

/** Larger files first, as vitest orders them, but before all others those that take longest for what they do, not for what they say. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification): boolean => /\/(?:faults\/|cost-gate\.test)/.test(moduleId);
    return (await super.sort(files)).sort((one, other) => Number(isLongest(other)) - Number(isLongest(one)));
  }
}

/**
 * - servers: tests that start what they talk to themselves, on databases of their own; files run side by side.
 * - installed: tests of the whole product, started as `npm start` would, once for each worker; its files come one after the other, for they share it.
 *
 * One file by hand: `npx vitest run --config tests/vitest.config.ts tests/unit/test-database.test.ts`.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        root: common.root,
        test: {
          ...common,
          name: 'servers',
          include: ['tests/{unit,protocol,faults}/**/*.test.ts'],
          globalSetup: ['tests/support/start-postgres.ts'],
        },
      },
      {
        root: common.root,
        test: {
          ...common,
          name: 'installed',
          include: ['tests/{web,clients}/**/*.test.ts'],
          globalSetup: ['tests/support/start-installation.ts'],
          testTimeout: 120_000,
          maxWorkers: installations,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
