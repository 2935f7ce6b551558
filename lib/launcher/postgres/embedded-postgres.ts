import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { progress } from '../progress.ts';
import { fileFailure, StartupFailure } from '../startup-failure.ts';
import { stopOrphan } from './orphan.ts';
import { openPostgresHome, serverUser, type ServerUser } from './postgres-home.ts';
import { serverFailure } from './server-failure.ts';
import { installServerFiles } from './server-files.ts';
import { type Durability, serverSettings } from './settings.ts';

/** How long nothing at all may be heard of a server that starts. What it repairs after a crash may take longer: it says so itself. */
const SILENCE_MS = 120_000;
const RECOVERY_TOLD_MS = 10_000;
const OUTPUT_KEPT = 4000;

export interface PostgresOptions {
  /** `<data>/postgres` */
  home: string;
  port: number;
  password: string;
  durability: Durability;
  /** SILENCE_MS; tests wait less */
  silenceMs?: number;
}

/** The server's files and data, ready to be started (again and again). */
export interface PreparedPostgres {
  url: string;
  /** of its socket, '' where it has none; in `home`, which is closed to other users */
  socketDirectory: string;
  start(): Promise<RunningPostgres>;
}

export interface RunningPostgres {
  process: ChildProcess;
  pid: number;
}

/**
 * Installs the server, makes the database cluster if there is none and stops a server that an earlier launcher left behind.
 * Throws StartupFailure.
 */
export async function preparePostgres(options: PostgresOptions): Promise<PreparedPostgres> {
  const user = serverUser();
  let home: string;
  let server: string;
  try {
    home = openPostgresHome(options.home, user);
    server = await installServerFiles(home);
  } catch (error) {
    throw fileFailure(error) ?? error;
  }
  const data = join(home, 'data');
  if (!existsSync(join(data, 'PG_VERSION')))
    initialise({ server, home, data, user, password: options.password, durability: options.durability });
  else await stopOrphan(data);
  return {
    url: `postgresql://postamt:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/postamt`,
    socketDirectory: socketDirectory(home, options.port),
    start: () => startServer({ server, home, data, user, options }),
  };
}

/** Postgres takes a list of directories, and systems differ in how long the name of a socket may be: all take this much. */
function socketDirectory(home: string, port: number): string {
  const isTooLong = Buffer.byteLength(join(home, `.s.PGSQL.${port}`)) > 103;
  return isTooLong || /[",]|^\s|\s$/.test(home) ? '' : home;
}

interface ClusterPlace {
  server: string;
  home: string;
  data: string;
  user: ServerUser;
}

/** What initdb is told of text, here and in docker-compose.yml: without the encoding it takes that of the locale, and refuses the provider. */
export const clusterArguments = [
  '--encoding=UTF8',
  '--data-checksums',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

function initialise({ server, home, data, user, password, durability }: ClusterPlace & { password: string; durability: Durability }): void {
  // made beside and renamed: a first start that was cut off is simply done again
  const making = `${data}.making`;
  const passwordFile = join(home, 'initial-password');
  rmSync(making, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o644 });
  const result = spawnSync(
    join(server, 'bin', 'initdb'),
    [
      ...['-D', making, '-U', 'postamt', ...clusterArguments],
      ...['--auth=scram-sha-256', `--pwfile=${passwordFile}`],
      ...(durability === 'careless' ? ['--no-sync'] : []),
    ],
    { ...user, cwd: home, encoding: 'utf8' },
  );
  rmSync(passwordFile, { force: true });
  if (result.status !== 0) throw serverFailure('set up its data', result.stderr || String(result.error));
  renameSync(making, data);
}

async function startServer(place: ClusterPlace & { options: PostgresOptions }): Promise<RunningPostgres> {
  const { port, durability } = place.options;
  const settings = Object.entries(serverSettings(port, durability, socketDirectory(place.home, port))).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const deadline = performance.now() + SILENCE_MS;
  for (;;) {
    // nobody else starts one here; what a killed one left may name the id of another program by now
    rmSync(join(place.home, `.s.PGSQL.${port}.lock`), { force: true });
    const began = Date.now();
    // detached: Ctrl-C reaches it only through us, after its clients have gone
    const child = spawn(join(place.server, 'bin', 'postgres'), ['-D', place.data, ...settings], {
      ...place.user,
      cwd: place.home,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { NODE_ENV: 'production', PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    });
    const output = await untilReady(child, place);
    if (output === null && child.pid) return { process: child, pid: child.pid };
    // the processes of a server that was killed take a moment to notice
    if (
      !/shared memory block .* is still in use|lock file "postmaster.pid" already exists/.test(output ?? '') ||
      performance.now() > deadline
    ) {
      throw serverFailure('start', output ?? '', { data: place.data, began });
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Null once the server accepts connections, else what it said before it ended. One that is ended while it repairs itself would begin anew each time. */
async function untilReady(child: ChildProcess, { data, options }: ClusterPlace & { options: PostgresOptions }): Promise<string | null> {
  const silenceMs = options.silenceMs ?? SILENCE_MS;
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_KEPT);
  });
  let ended = false;
  child.on('error', (error) => {
    output += error.message;
    ended = true;
  });
  child.on('exit', () => {
    ended = true;
  });
  const began = performance.now();
  let heardAt = began;
  for (let told = false; !ended; ) {
    const state = await ask(options);
    if (state === 'ready') return null;
    if (state === 'refused' && !ended && isServing(child, data)) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await gone;
      throw new StartupFailure('The embedded Postgres has another password than secrets.json says: the two are not of the same backup.');
    }
    if (state === 'starting') heardAt = performance.now();
    if (performance.now() - heardAt > silenceMs) {
      child.kill('SIGQUIT');
      return `no answer within ${silenceMs / 1000} seconds`;
    }
    if (!told && performance.now() - began > RECOVERY_TOLD_MS) {
      told = true;
      progress('Postgres starts, and repairs after a crash what it has to …');
    }
    await new Promise((resolve) => setTimeout(resolve, told ? 1000 : 40));
  }
  return output;
}

/** Whether it is this server that answers at its port, and no other that took it first: it says so itself as soon as it does. */
function isServing({ pid }: ChildProcess, data: string): boolean {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').trimEnd().split('\n');
    return lines[0] === String(pid) && /^(?:ready|standby)\s*$/.test(lines.at(-1) ?? '');
  } catch {
    return false;
  }
}

/** "cannot_connect_now" */
const STARTING = '57P03';
/** "invalid_password" */
const REFUSED = '28P01';

async function ask({ port, password }: PostgresOptions): Promise<'ready' | 'starting' | 'refused' | 'silent'> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postamt', password, database: 'postgres', connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return 'ready';
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    if (code === REFUSED) return 'refused';
    return code === STARTING ? 'starting' : 'silent';
  } finally {
    await client.end().catch(() => {});
  }
}
