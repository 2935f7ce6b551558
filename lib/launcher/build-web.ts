import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from './fingerprint.ts';
import { makeInCheckout } from './make-in-checkout.ts';
import { progress } from './progress.ts';
import { projectRoot } from './project.ts';
import { runCommand } from './run-command.ts';
import { StartupFailure } from './startup-failure.ts';
import { writeAtomically } from './write-atomically.ts';

const BUILD_MS = 900_000;
/** All that the build reads; a change in anything else does not make a new one. */
const sources = [
  ...['app', 'components', 'lib', 'public', 'package.json', 'package-lock.json', 'prisma/schema.prisma'],
  ...['next.config.ts', 'postcss.config.mjs', 'proxy.ts', 'instrumentation.ts', 'tsconfig.json'],
];
const notSources = ['lib/db/generated', 'lib/launcher', 'lib/db/migration', 'lib/db/migrate.ts'];
const built = join(projectRoot, '.next');
const marker = join(built, 'postamt-build');

/** The web as it is started in service. */
export const webServerFile = join(built, 'standalone', 'server.js');

/** Builds the web unless this very source is built already; waits where another launcher of this checkout builds. Throws StartupFailure. */
export async function ensureWebBuild(environment: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  const wanted = fingerprint(sources, notSources);
  if (isBuilt(wanted)) return;
  const waits = (pid: number): void => progress(`Waiting for process ${pid}, which builds the web …`);
  await makeInCheckout({ what: 'The web', lock: '.postamt-build.lock', waits, signal }, () => build(wanted, environment, signal));
}

async function build(wanted: string, environment: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<void> {
  if (isBuilt(wanted)) return;
  progress('Building the web (a minute the first time and after changes) …');
  rmSync(marker, { force: true });
  const env = { ...environment, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1', NEXT_DIST_DIR: undefined, NO_COLOR: '1' };
  const { status, output } = await runCommand(process.execPath, [join(projectRoot, 'node_modules/next/dist/bin/next'), 'build'], {
    env,
    timeoutMs: BUILD_MS,
    signal,
  });
  if (status !== 0) throw new StartupFailure(`The web cannot be built:\n${output}`);
  completeStandalone();
  mkdirSync(built, { recursive: true });
  writeAtomically(marker, wanted, 0o644);
}

const isBuilt = (wanted: string): boolean => existsSync(webServerFile) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted;

/** Next leaves static files to a content delivery network; here the server sends them. */
function completeStandalone(): void {
  const standalone = join(built, 'standalone');
  cpSync(join(built, 'static'), join(standalone, '.next', 'static'), { recursive: true });
  const publicFiles = join(projectRoot, 'public');
  if (existsSync(publicFiles)) cpSync(publicFiles, join(standalone, 'public'), { recursive: true });
}
