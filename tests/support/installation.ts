import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectRoot } from '#lib/launcher/project.ts';
import { embeddedUrl } from '#lib/launcher/secrets.ts';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { sql } from './passwords.ts';
import { reservePortOffset } from './ports.ts';

const START_MS = 900_000;
const STOP_MS = 90_000;
const OUTPUT_KEPT = 20_000;

export interface Installation {
  running: RunningFile;
  dataDirectory: string;
  /** of its embedded Postgres */
  databaseUrl: string;
  launcher: ChildProcess;
  /** what the launcher printed (the last of it) */
  output(): string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts the whole product through its launcher, as `npm start` does, on a data directory and ports of its own, and waits for running.json.
 * `environment` adds or overrides variables. `dataDirectory`: a certain one; `keep` leaves it in place at the end.
 */
export async function startInstallation(
  options: { environment?: Record<string, string>; dataDirectory?: string; keep?: boolean } = {},
): Promise<Installation> {
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'postamt-test-')));
  const own: Record<string, string | undefined> = { ...process.env };
  for (const name of Object.keys(own)) if (/^(POSTAMT_|VITEST|DATABASE_URL$|NODE_ENV$|NODE_OPTIONS$|PORT$)/.test(name)) delete own[name];
  let printed = '';
  const launcher = spawn(process.execPath, ['lib/launcher/start.mjs'], {
    cwd: projectRoot,
    env: {
      ...(own as NodeJS.ProcessEnv),
      POSTAMT_DATA: dataDirectory,
      POSTAMT_PORT_OFFSET: String(await reservePortOffset()),
      PORT: '0',
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-OUTPUT_KEPT);
    });
  }
  const ended = new Promise<void>((resolve) => launcher.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    if (launcher.exitCode === null && launcher.signalCode === null) {
      launcher.kill('SIGTERM');
      const force = setTimeout(() => launcher.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(force);
    }
    if (!options.keep) await rm(dataDirectory, { recursive: true, force: true });
  };
  try {
    const running = await waitForRunning(launcher, join(dataDirectory, 'running.json'));
    return {
      running,
      dataDirectory,
      databaseUrl: embeddedUrl(join(dataDirectory, 'secrets.json'), 'administrator'),
      launcher,
      output: () => printed,
      stop,
    };
  } catch (error) {
    await stop();
    throw new Error(`${error instanceof Error ? error.message : String(error)}. It printed:\n${printed}`);
  }
}

/** Resolves with running.json as soon as it is there; rejects if the launcher ends or takes too long. */
async function waitForRunning(launcher: ChildProcess, file: string): Promise<RunningFile> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as RunningFile;
    if (launcher.exitCode !== null || launcher.signalCode !== null)
      throw new Error(`the launcher ended with ${launcher.exitCode ?? launcher.signalCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the service was not ready after ${START_MS / 1000} seconds`);
}

/** running.json of the installation that all tests of the project "installed" share; started by start-installation.ts. */
function sharedFile(): string {
  const file = process.env['POSTAMT_TEST_INSTALLATION'];
  if (!file) throw new Error('POSTAMT_TEST_INSTALLATION is not set: run the tests with tests/vitest.config.ts.');
  return file;
}

export const sharedInstallation = (): RunningFile => JSON.parse(readFileSync(sharedFile(), 'utf8')) as RunningFile;

/** Its database, as its owner. */
export const sharedDatabase = (): string => embeddedUrl(join(dirname(sharedFile()), 'secrets.json'), 'administrator');

/** Its demo mailboxes take letters that look like spam into their inboxes, for tests that look at such letters. */
export async function switchSpamFilterOff(): Promise<void> {
  await sql(sharedDatabase(), `update mailbox set spam_filter = 'off'`);
}
