import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from './fingerprint.ts';
import { progress } from './progress.ts';
import { projectRoot } from './project.ts';
import { runCommand } from './run-command.ts';
import { fileFailure, StartupFailure } from './startup-failure.ts';
import { writeAtomically } from './write-atomically.ts';

const GENERATE_MS = 120_000;
const output = join(projectRoot, 'lib', 'db', 'generated');

/** Generates the Prisma client if it is missing or the schema changed since, and says so. Throws StartupFailure. */
export async function ensurePrismaClient(say: (text: string) => void = progress): Promise<void> {
  const marker = join(output, '.fingerprint');
  const wanted = fingerprint(['prisma/schema.prisma', 'node_modules/prisma/package.json']);
  if (existsSync(join(output, 'client.ts')) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  say('Generating the database client …');
  // generating needs no engine, the command line only insists that there is one
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' };
  const { status, output: said } = await runCommand(
    process.execPath,
    [join(projectRoot, 'node_modules/prisma/build/index.js'), 'generate'],
    {
      env,
      timeoutMs: GENERATE_MS,
    },
  );
  if (status !== 0) throw new StartupFailure(`The database client cannot be generated from prisma/schema.prisma:\n${said}`);
  try {
    writeAtomically(marker, wanted, 0o644);
  } catch (error) {
    throw fileFailure(error) ?? error;
  }
}
