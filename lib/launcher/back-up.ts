import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { chown, constants, copyFile as copyBytes, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import pg from 'pg';
import type { DataDirectory } from './data-directory.ts';
import { makeDirectories } from './make-directories.ts';
import { progress } from './progress.ts';
import { embeddedUrl } from './secrets.ts';
import { fileFailure, StartupFailure } from './startup-failure.ts';

/** Of a running server's data these are made anew at a start, or belong to the running server alone. */
const leftOut = new Set(['postmaster.pid', 'postmaster.opts', 'current_logfiles', 'pg_internal.init']);
const leftEmpty = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'log',
]);

/**
 * Copies the installation, with its embedded database, into the new directory `given` while it runs. The copy is a data directory:
 * POSTAMT_DATA=<copy> starts it, as it was at the end of this. By the low-level backup of Postgres (pg_backup_start, pg_backup_stop); a
 * temporary slot keeps the write-ahead log of that time until it is copied too. It is made beside and renamed: what has the name is whole.
 * Throws StartupFailure, also when `signal` ends it.
 */
export async function backUp(directory: DataDirectory, given: string | undefined, signal?: AbortSignal): Promise<void> {
  if (!given || given.startsWith('-'))
    throw new StartupFailure('Name a directory that is not there yet: npm run backup -- /backups/monday');
  const target = resolve(process.env['INIT_CWD'] ?? '.', given);
  refuseInside(directory, target);
  if (lstatSync(target, { throwIfNoEntry: false })) throw isThere(target);
  const beside = `${target}.unfinished-${randomBytes(4).toString('hex')}`;
  const copy = join(beside, basename(target));
  const client = await askServer(directory);
  try {
    makeDirectories(beside, 0o700);
    const without = (path: string) => path === directory.postgres || path === directory.logs || isOfTheRun(directory, path);
    await copyTree(directory.path, copy, without, signal);
    await copyDatabase(client, directory.postgres, join(copy, 'postgres'), signal);
    await rename(copy, target);
    await sync(dirname(target), 'r');
  } catch (error) {
    throw failureOf(error, target, signal);
  } finally {
    await rm(beside, { recursive: true, force: true });
    await client.end().catch(() => {});
  }
  progress(`Backed up to ${target}; POSTAMT_DATA=${target} npm start would start it`);
}

/** The copy would hold itself, and so on without end. */
function refuseInside(directory: DataDirectory, target: string): void {
  let above = target;
  while (!existsSync(above)) above = dirname(above);
  const real = join(realpathSync(above), relative(above, target));
  for (const own of [directory.path, directory.postgres]) {
    if (!existsSync(own)) continue;
    const [first] = relative(realpathSync(own), real).split(sep);
    if (first !== '..') throw new StartupFailure(`${target} lies in the data directory: name one beside it.`);
  }
}

const isThere = (target: string): StartupFailure =>
  new StartupFailure(`${target} is there already: name a directory that is not there yet.`);

/** The administrator's connection to the server of this data directory, and not to that of a copy of it, which has its password and may have its port. */
async function askServer(directory: DataDirectory): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: embeddedUrl(directory.secrets, 'administrator'), connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ at: string }>(`select current_setting('data_directory') as at`);
    if (realpathSync(rows[0]?.at ?? '') === realpathSync(join(directory.postgres, 'data'))) return client;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // too many connections, or it is just starting: whoever copied the directory now would copy what changes
    if (/^(53|57)/.test(code))
      throw new StartupFailure(`The database of ${directory.path} cannot be asked now (${String(error)}): try again.`);
  }
  await client.end().catch(() => {});
  throw new StartupFailure(`Postamt does not run in ${directory.path}: a stopped one is backed up by copying that directory.`);
}

function failureOf(error: unknown, target: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return new StartupFailure(`Interrupted: nothing was backed up to ${target}.`);
  if (!(error instanceof Error)) return error;
  // another backup had the same name, and was faster
  if ('syscall' in error && error.syscall === 'rename') return isThere(target);
  if (
    /^(Connection terminated|Client has encountered)/.test(error.message) ||
    ('code' in error && /^(08|57|ECONN)/.test(String(error.code)))
  )
    return new StartupFailure(`Postgres ended meanwhile, and nothing was backed up to ${target}: try again.`);
  return fileFailure(error) ?? error;
}

const isOfTheRun = ({ lock, runningFile, processFile }: DataDirectory, path: string): boolean =>
  [lock, runningFile, processFile].includes(path);

async function copyDatabase(client: pg.Client, home: string, to: string, signal: AbortSignal | undefined): Promise<void> {
  const [from, data] = [join(home, 'data'), join(to, 'data')];
  await mkdir(to, { mode: 0o700 });
  await ownAs(home, to);
  await client.query(`select pg_create_physical_replication_slot('postamt_backup_' || pg_backend_pid(), true, true)`);
  await client.query(`select pg_backup_start('postamt', true)`);
  const without = (path: string) => {
    const [top = '', ...inside] = relative(from, path).split(sep);
    return leftOut.has(basename(path)) || basename(path).startsWith('pgsql_tmp') || (leftEmpty.has(top) && inside.length > 0);
  };
  await copyTree(from, data, without, signal);
  const { rows } = await client.query<{ labelfile: string; spcmapfile: string }>('select labelfile, spcmapfile from pg_backup_stop(false)');
  const [label] = rows;
  if (!label) throw new Error('pg_backup_stop said nothing');
  await writeFile(join(data, 'backup_label'), label.labelfile, from);
  // what was written while the files were copied, up to the end of the backup
  await copyTree(join(from, 'pg_wal'), join(data, 'pg_wal'), (path) => !/^[0-9A-F]{24}$/.test(basename(path)), signal);
}

/**
 * Files that vanish meanwhile are none of the copy. A file that a link leads to (a certificate that lies elsewhere) is, and so are tables on
 * another disk; no other directory, which may be the one that the copies go to.
 */
async function copyTree(from: string, to: string, without: (path: string) => boolean, signal: AbortSignal | undefined): Promise<void> {
  if (!existsSync(to)) await mkdir(to, { mode: (await stat(from)).mode & 0o777 });
  await ownAs(from, to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    signal?.throwIfAborted();
    const source = join(from, entry.name);
    if (without(source)) continue;
    const found = entry.isSymbolicLink() ? await stat(source).catch(unlessGone) : entry;
    if (found?.isDirectory() && (found === entry || basename(from) === 'pg_tblspc'))
      await copyTree(source, join(to, entry.name), without, signal);
    else if (found?.isFile()) await copyFile(source, join(to, entry.name)).catch(unlessGone);
  }
  await sync(to, 'r');
}

async function copyFile(from: string, to: string): Promise<void> {
  await copyBytes(from, to, constants.COPYFILE_EXCL);
  await sync(to, 'r+');
  await ownAs(from, to);
}

/** What is said to be backed up is there after a power cut too. */
async function sync(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeFile(path: string, text: string, like: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await ownAs(like, path);
}

/** Only root can, and only for root does it matter: the database belongs to the user that Postgres runs as. */
async function ownAs(like: string, path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(like);
  await chown(path, uid, gid);
}

function unlessGone(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
