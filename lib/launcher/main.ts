// Started by start.mjs under a Node that runs TypeScript. Without an argument: the service. --dev, --test and --bench: see
// package.json. --build and --prepare do the parts of a start that images and other supervisors need alone, --queue
// shows and changes the outgoing queue, --mailboxes shows them and who is there, --backup copies what runs, --operator-password helps who lost it
// (docs/operations.md).
import { spawn } from 'node:child_process';
import { ConfigurationError, type Environment, parseEnvironment, unknownNames } from '../config/config.ts';
import { ensureWebBuild } from './build-web.ts';
import { dataDirectoryAt, openDataDirectory } from './data-directory.ts';
import { ensurePrismaClient } from './generate-client.ts';
import { releaseLock, takeLock } from './lock-file.ts';
import { accessTable } from './print-table.ts';
import { complain, keepProgress, progress } from './progress.ts';
import { projectRoot } from './project.ts';
import { embeddedUrl } from './secrets.ts';
import { Interrupted, Service } from './service.ts';
import { fileFailure, StartupFailure } from './startup-failure.ts';

/** A second signal after this long means that the person will not wait; sooner it is the same Ctrl-C on two ways. */
const SECOND_SIGNAL_MS = 1000;

/** Runs the service until a signal ends it. Returns the exit code. */
async function serve(environment: Environment, dev: boolean): Promise<number> {
  const directory = openDataDirectory(environment.POSTAMT_DATA);
  const holder = takeLock(directory.lock);
  if (holder)
    throw new StartupFailure(`${directory.path} is in use by process ${holder.pid}: stop it, or set POSTAMT_DATA to another directory.`);
  keepProgress(directory.logs);
  nameUnknown();
  const service = new Service(environment, directory, dev);
  const stopped = untilSignal(() => service.reloadCertificate()).then((signal) => {
    progress(`Stopping (${signal}) …`);
    return service.stop();
  });
  try {
    const running = await service.start();
    const showPasswords = environment.POSTAMT_ENV !== 'production';
    process.stdout.write(`\nPostamt is ready. Ctrl-C stops it.\n\n`);
    process.stdout.write(
      `${accessTable({ running, dataDirectory: directory.path, logs: directory.logs, secrets: directory.secrets, showPasswords })}\n\n`,
    );
    await stopped;
    progress('Stopped');
    return 0;
  } catch (error) {
    const interrupted = service.isStopping;
    await service.stop();
    // what fails while everything is being taken down fails because of it
    if (error instanceof Interrupted || interrupted) return 130;
    throw error;
  } finally {
    releaseLock(directory.lock);
  }
}

/** A later version may know them, so they do not end the start. */
function nameUnknown(): void {
  for (const name of unknownNames(process.env))
    progress(`${name} is set and means nothing to Postamt: is it misspelt? docs/operations.md has all variables`);
}

/**
 * Resolves with the first reason to end; a later signal ends this process at once. SIGHUP is one where there is a terminal, which is gone then;
 * under a supervisor (and nohup) it means what daemons take it for.
 */
function untilSignal(reload: () => void): Promise<string> {
  return new Promise((resolve) => {
    let first = 0;
    const end = (reason: string): void => {
      if (first === 0) first = Date.now();
      else if (Date.now() - first > SECOND_SIGNAL_MS) process.exit(1);
      resolve(reason);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
    process.on('SIGHUP', process.stdin.isTTY ? end : reload);
    process.on('disconnect', () => {
      if (first === 0) end('the terminal is gone');
    });
  });
}

/** Runs another program of the project in our place; what it prints may be data. It needs the database client, which a checkout that was never started lacks. */
async function runScript(file: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  await ensurePrismaClient((text) => process.stderr.write(`${text}\n`));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
    cwd: projectRoot,
    stdio: 'inherit',
    env,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

/** Generates and builds what a start would, and starts nothing. */
async function build(): Promise<number> {
  await ensurePrismaClient();
  await ensureWebBuild(process.env);
  progress('Built');
  return 0;
}

/** The operator's commands that need the database of this installation: the queue, mailboxes, the zone with the keys of domains, a new password. */
function operate(file: string, args: string[]): Promise<number> {
  const environment = parseEnvironment(process.env);
  const url = environment.DATABASE_URL ?? embeddedUrl(dataDirectoryAt(environment.POSTAMT_DATA).secrets, 'application');
  return runScript(file, args, { ...process.env, DATABASE_URL: url });
}

async function backup([target, ...more]: string[]): Promise<number> {
  const environment = parseEnvironment(process.env);
  if (environment.DATABASE_URL) throw new StartupFailure('The Postgres of DATABASE_URL is yours to back up, with pg_dump or pgBackRest.');
  if (more.length > 0) throw new StartupFailure('Name one directory alone: npm run backup -- /backups/monday');
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.once(signal, () => interrupted.abort());
  await (await import('./back-up.ts')).backUp(dataDirectoryAt(environment.POSTAMT_DATA), target, interrupted.signal);
  return 0;
}

async function main(args: string[]): Promise<number> {
  const [mode, ...rest] = args;
  if (mode === '--bench') return runScript('tests/bench/run.ts', rest);
  if (mode === '--test') return (await import('./test/run-tests.ts')).runTests(rest);
  if (mode === '--build') return build();
  if (mode === '--queue') return operate('mail-server/queue/queue-command.ts', rest);
  if (mode === '--mailboxes') return operate('mail-server/auth/mailboxes-command.ts', rest);
  if (mode === '--dkim-zone') return operate('lib/dns/print-dkim-zone.ts', rest);
  if (mode === '--operator-password') return operate('lib/provisioning/customers/operator-password.ts', rest);
  if (mode === '--backup') return backup(rest);
  if (mode === '--prepare') {
    nameUnknown();
    await (await import('./prepare.ts')).prepareInstallation(parseEnvironment(process.env));
    return 0;
  }
  if (mode === undefined || mode === '--dev') return serve(parseEnvironment(process.env), mode === '--dev');
  throw new StartupFailure(
    `Unknown argument ${mode}: there are --dev, --test, --bench, --build, --prepare, --queue, --mailboxes, --dkim-zone, --operator-password, --sieve and --backup.`,
  );
}

/** Expected failures say one sentence; only the others show where they come from. */
function explain(error: unknown): string {
  if (error instanceof StartupFailure || error instanceof ConfigurationError) return error.message;
  const failure = fileFailure(error);
  if (failure) return failure.message;
  return `Postamt could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  complain(explain(error));
  process.exitCode = 1;
}
// timers and channels of stopped parts must not keep us
process.exit();
