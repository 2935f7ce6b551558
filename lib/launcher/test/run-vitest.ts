import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { progress } from '../progress.ts';
import { projectRoot } from '../project.ts';
import { type Count, type FileCount, filesToRunAgain, sum, sumWithAgain } from './count.ts';

/** Ends what hangs; a machine with two cores needs half an hour for the two parts beside each other. */
const VITEST_MS = 3_600_000;

const outcome = z.object({ test: z.string(), error: z.string() });
/** What tests/support/tell-results.ts tells at the end of a run. */
const results = z.array(
  z.object({
    file: z.string().nullable(),
    passed: z.number(),
    failed: z.number(),
    skipped: z.number(),
    failures: z.array(outcome),
    retried: z.array(outcome),
  }),
);

/**
 * Runs what `selection` (options of vitest) names, showing its progress. A test that fails is tried once more where it stands, and may meet what
 * its first try left there: a file in which that failed too is run again from the beginning.
 */
export async function runVitest(selection: string[], env: NodeJS.ProcessEnv, filters: string[]): Promise<Count> {
  const first = await runOnce(selection, env, filters);
  const files = filesToRunAgain(first);
  if (files.length === 0) return sum(first);
  progress(`From the beginning again: ${files.join(', ')}`);
  return sumWithAgain(first, await runOnce(selection, env, files));
}

/** What came of each file. A run that broke without a failed test counts as one failure. */
async function runOnce(selection: string[], env: NodeJS.ProcessEnv, filters: string[]): Promise<FileCount[]> {
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
  const counts: FileCount[] = results.safeParse(told).data ?? [];
  if (ended.status === 0 || sum(counts).failed > 0) return counts;
  const error = ended.signal ? `was ended (${ended.signal}) before it was done` : `ended with ${ended.status}`;
  const broken = { test: `the tests of "${selection.join(' ')}"`, error };
  return [...counts, { file: null, passed: 0, failed: 1, skipped: 0, failures: [broken], retried: [] }];
}
