import { inspect } from 'node:util';
import { ensurePrismaClient } from '../generate-client.ts';
import { progress } from '../progress.ts';
import { StartupFailure } from '../startup-failure.ts';
import { checksFor } from './checks.ts';
import { closingLine, type Count, sum, whatDidNotPass } from './count.ts';
import { runVitest } from './run-vitest.ts';
import { provideSystemNeeds } from './system-needs.ts';
import { startTestPostgres } from './test-postgres.ts';

/**
 * `npm test`: format, lint, types, schema, then the tests: those that start what they need themselves and, beside them, those that need a whole
 * installation, for either waits half of its time. Always ends with the closing line; returns the exit code. `filters` (paths) narrow the
 * tests, for a person's daily work.
 */
export async function runTests(filters: string[]): Promise<number> {
  const counts: Count[] = [];
  let stopPostgres: () => Promise<void> = async () => {};
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  process.on('disconnect', () => stop.abort());
  try {
    await provideSystemNeeds();
    await ensurePrismaClient();
    const given = process.env['POSTAMT_TEST_DATABASE'];
    let server = given;
    if (!server) {
      const started = await startTestPostgres();
      server = started.url;
      stopPostgres = started.stop;
      progress('Test database runs');
    }
    const env = { ...process.env, POSTAMT_TEST_DATABASE: server };
    counts.push(await runChecks(server));
    if (!stop.signal.aborted)
      counts.push(
        ...(await Promise.all([
          runVitest(['--project=units', '--project=servers'], env, filters),
          runVitest(['--project=installed'], env, filters),
        ])),
      );
  } catch (error) {
    counts.push(oneFailure('what the tests need', error instanceof StartupFailure ? error.message : inspect(error)));
  } finally {
    await stopPostgres();
  }
  if (stop.signal.aborted) counts.push(oneFailure('the whole run', 'was ended before it was done'));
  const total = sum(counts);
  process.stdout.write(`${whatDidNotPass(total)}\n${closingLine(total)}\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

const oneFailure = (test: string, error: string): Count => ({ passed: 0, failed: 1, skipped: 0, failures: [{ test, error }], retried: [] });

async function runChecks(server: string): Promise<Count> {
  const counts: Count[] = [];
  for (const { name, run } of checksFor(server)) {
    const problem = await run().catch((error: unknown) => String(error));
    progress(`${problem === null ? 'ok    ' : 'FAILED'} ${name}${problem === null ? '' : `\n${problem}`}`);
    counts.push(problem === null ? { passed: 1, failed: 0, skipped: 0, failures: [], retried: [] } : oneFailure(name, problem));
  }
  return sum(counts);
}
