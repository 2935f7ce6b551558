import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from './fingerprint.ts';
import { makeInCheckout } from './make-in-checkout.ts';
import { progress } from './progress.ts';
import { projectRoot } from './project.ts';
import { runCommand } from './run-command.ts';
import { StartupFailure } from './startup-failure.ts';
import { writeAtomically } from './write-atomically.ts';

const GENERATE_MS = 120_000;
const output = join(projectRoot, 'lib', 'db', 'generated');

const marker = join(output, '.fingerprint');

/** Generates the Prisma client if it is missing or the schema changed since, and says so; waits where another command of this checkout does it. Throws StartupFailure. */
export async function ensurePrismaClient(say: (text: string) => void = progress): Promise<void> {
  const wanted = fingerprint(['prisma/schema.prisma', 'node_modules/prisma/package.json']);
  if (isGenerated(wanted)) return;
  const waits = (pid: number): void => say(`Waiting for process ${pid}, which generates the database client …`);
  await makeInCheckout({ what: 'The database client', lock: '.postamt-generate.lock', waits }, () => generate(wanted, say));
}

const isGenerated = (wanted: string): boolean =>
  existsSync(join(output, 'client.ts')) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted;

async function generate(wanted: string, say: (text: string) => void): Promise<void> {
  if (isGenerated(wanted)) return;
  say('Generating the database client …');
  // while it is made anew, nobody takes half of it for the whole
  rmSync(marker, { force: true });
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
  writeAtomically(marker, wanted, 0o644);
}
