import { chown, constants, copyFile as copyBytes, mkdir, open, readdir, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import pg from 'pg';
import type { DataDirectory } from './data-directory.ts';
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
 * temporary slot keeps the write-ahead log of that time until it is copied too. Throws StartupFailure.
 */
export async function backUp(directory: DataDirectory, given: string | undefined): Promise<void> {
  if (!given) throw new StartupFailure('Name a directory that is not there yet: npm run backup -- /backups/monday');
  const target = resolve(process.env['INIT_CWD'] ?? '.', given);
  if (existsSync(target)) throw new StartupFailure(`${target} is there already: name a directory that is not there yet.`);
  if (!relative(directory.path, target).startsWith('..'))
    throw new StartupFailure(`${target} lies in the data directory: name one beside it.`);
  const client = new pg.Client({ connectionString: embeddedUrl(directory.secrets, 'administrator'), connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch {
    throw new StartupFailure(`Postamt does not run in ${directory.path}: a stopped one is backed up by copying that directory.`);
  }
  try {
    await copyTree(directory.path, target, (path) => path === directory.postgres || path === directory.logs || isOfTheRun(directory, path));
    await copyDatabase(client, join(directory.postgres, 'data'), join(target, 'postgres', 'data'), directory.postgres);
  } catch (error) {
    throw fileFailure(error) ?? error;
  } finally {
    await client.end().catch(() => {});
  }
  progress(`Backed up to ${target}; POSTAMT_DATA=${target} npm start would start it`);
}

const isOfTheRun = ({ lock, runningFile, processFile }: DataDirectory, path: string): boolean =>
  [lock, runningFile, processFile].includes(path);

async function copyDatabase(client: pg.Client, from: string, to: string, home: string): Promise<void> {
  const postgres = join(to, '..');
  await mkdir(postgres, { mode: 0o700 });
  await ownAs(home, postgres);
  await client.query(`select pg_create_physical_replication_slot('postamt_backup_' || pg_backend_pid(), true, true)`);
  await client.query(`select pg_backup_start('postamt', true)`);
  await copyTree(from, to, (path) => {
    const [top = '', ...inside] = relative(from, path).split(sep);
    return leftOut.has(basename(path)) || (leftEmpty.has(top) && inside.length > 0);
  });
  const { rows } = await client.query<{ labelfile: string; spcmapfile: string }>('select labelfile, spcmapfile from pg_backup_stop(false)');
  const [label] = rows;
  if (!label) throw new Error('pg_backup_stop said nothing');
  await writeFile(join(to, 'backup_label'), label.labelfile, from);
  // what was written while the files were copied, up to the end of the backup
  await copyTree(join(from, 'pg_wal'), join(to, 'pg_wal'), (path) => !/^[0-9A-F]{24}$/.test(basename(path)));
}

/**
 * Files that vanish meanwhile are none of the copy. A file that a link leads to (a certificate that lies elsewhere) is, and so are tables on
 * another disk; no other directory, which may be the one that the copies go to.
 */
async function copyTree(from: string, to: string, without: (path: string) => boolean): Promise<void> {
  await mkdir(to, { recursive: true, mode: (await stat(from)).mode & 0o777 });
  await ownAs(from, to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    if (without(source)) continue;
    const found = entry.isSymbolicLink() ? await stat(source).catch(unlessGone) : entry;
    if (found?.isDirectory() && (found === entry || basename(from) === 'pg_tblspc')) await copyTree(source, join(to, entry.name), without);
    else if (found?.isFile()) await copyFile(source, join(to, entry.name)).catch(unlessGone);
  }
}

async function copyFile(from: string, to: string): Promise<void> {
  await copyBytes(from, to, constants.COPYFILE_EXCL);
  const file = await open(to, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await ownAs(from, to);
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
