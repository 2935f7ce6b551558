import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { patienceMs } from './support/eventually.ts';

const common = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  // real servers, real sockets: a slow machine must not fail them, a hung one must not last
  testTimeout: 120_000,
  hookTimeout: 240_000,
  // what is polled for comes later there too
  expect: { poll: { timeout: patienceMs } },
  pool: 'forks' as const,
  // most of them wait for sockets and clocks most of the time: one at a time takes twice as long on two cores
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // on a busy machine: what fails at first and then passes is named as such at the end of `npm test`, which runs anew the file of what fails twice
  retry: 1,
  env: { POSTAMT_ENV: 'test', POSTAMT_LOG_LEVEL: 'silent' },
};

/** Larger files first, as vitest orders them, but before all others the one that works longest: its rows stand in other files. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('/cost-gate.test.ts');
    return (await super.sort(files)).sort((one, other) => Number(isLongest(other)) - Number(isLongest(one)));
  }
}

const servers = { ...common, globalSetup: ['tests/support/start-postgres.ts'] };

/**
 * - units: tests of single parts. Many files follow one another in a process, so what one has imported is there for the next: a process for
 *   each costs half a second. Who sets what belongs to the whole process (tests/unit/own-process.test.ts) ends in ".alone.test.ts".
 * - servers: tests that start what they talk to themselves, on databases of their own; a process each, files run side by side.
 * - installed: tests of the whole product, started once as `npm start` would; one file after the other, for they share it.
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
          ...servers,
          name: 'units',
          include: ['tests/unit/**/*.test.ts'],
          exclude: ['**/*.alone.test.ts'],
          isolate: false,
        },
      },
      {
        root: common.root,
        test: {
          ...servers,
          name: 'servers',
          include: ['tests/{protocol,faults}/**/*.test.ts', 'tests/unit/**/*.alone.test.ts'],
        },
      },
      {
        root: common.root,
        test: {
          ...common,
          name: 'installed',
          include: ['tests/{web,clients}/**/*.test.ts'],
          globalSetup: ['tests/support/start-installation.ts'],
          testTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
