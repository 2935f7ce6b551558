import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../project.ts';
import type { Count } from './count.ts';

/** Ends what hangs; a busy machine with two cores needs a quarter of an hour for a part. */
const VITEST_MS = 2_400_000;

const report = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), numPendingTests: z.number(), numTodoTests: z.number() });

/** Runs a project of tests/vitest.config.ts, showing its progress. A run that broke without a failed test counts as one failure. */
export async function runVitest(project: string, env: NodeJS.ProcessEnv, filters: string[]): Promise<Count> {
  const file = join(projectRoot, '.test', `report-${project}-${process.pid}.json`);
  mkdirSync(join(projectRoot, '.test'), { recursive: true });
  const child = spawn(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', join(projectRoot, 'node_modules/vitest/vitest.mjs'), 'run'],
      ...['--config', 'tests/vitest.config.ts', '--project', project, '--passWithNoTests'],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...filters],
    ],
    { cwd: projectRoot, env, stdio: 'inherit', timeout: VITEST_MS },
  );
  const status = await new Promise<number>((resolve) =>
    child.on('exit', (code, signal) => {
      if (signal) process.stdout.write(`The tests of "${project}" were ended (${signal}) before they were done.\n`);
      resolve(code ?? 1);
    }),
  );
  const count = readReport(file);
  rmSync(file, { force: true });
  if (status !== 0 && count.failed === 0) count.failed = 1;
  return count;
}

function readReport(file: string): Count {
  try {
    const result = report.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { passed: result.numPassedTests, failed: result.numFailedTests, skipped: result.numPendingTests + result.numTodoTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
