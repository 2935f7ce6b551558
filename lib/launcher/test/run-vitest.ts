import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../project.ts';
import type { Count } from './count.ts';

/** Ends what hangs; a machine with two cores needs half an hour for the two parts beside each other. */
const VITEST_MS = 3_600_000;

const outcome = z.object({ test: z.string(), error: z.string() });
/** What tests/support/tell-results.ts tells at the end of a run. */
const results = z.object({
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  failures: z.array(outcome),
  retried: z.array(outcome),
});

/** Runs what `selection` (options of vitest) names, showing its progress. A run that broke without a failed test counts as one failure. */
export async function runVitest(selection: string[], env: NodeJS.ProcessEnv, filters: string[]): Promise<Count> {
  const child = spawn(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', join(projectRoot, 'node_modules/vitest/vitest.mjs'), 'run'],
      ...['--config', 'tests/vitest.config.ts', '--passWithNoTests', ...selection],
      ...['--reporter=default', '--reporter=./tests/support/tell-results.ts', ...filters],
    ],
    { cwd: projectRoot, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], timeout: VITEST_MS },
  );
  let told: unknown;
  child.on('message', (message) => {
    told = message;
  });
  const ended = await new Promise<{ status: number; signal: NodeJS.Signals | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ status: code ?? 1, signal })),
  );
  const { data } = results.safeParse(told);
  const count: Count = data ?? { passed: 0, failed: 0, skipped: 0, failures: [], retried: [] };
  if (ended.status !== 0 && count.failed === 0) {
    const error = ended.signal ? `was ended (${ended.signal}) before it was done` : `ended with ${ended.status}`;
    return { ...count, failed: 1, failures: [...count.failures, { test: `the tests of "${selection.join(' ')}"`, error }] };
  }
  return count;
}
