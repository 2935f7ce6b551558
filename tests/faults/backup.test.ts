import { mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test, vi } from 'vitest';
import { backUp } from '#lib/launcher/back-up.ts';
import { openDataDirectory } from '#lib/launcher/data-directory.ts';
import { freePort } from '#lib/launcher/ports.ts';
import { preparePostgres, type RunningPostgres } from '#lib/launcher/postgres/embedded-postgres.ts';
import { loadSecrets, saveSecrets } from '#lib/launcher/secrets.ts';
import { endOf } from '#lib/launcher/supervised-process.ts';

const running: RunningPostgres[] = [];
const directories: string[] = [];
afterAll(async () => {
  for (const { process: server } of running) {
    const ended = endOf(server);
    server.kill('SIGQUIT');
    await ended;
  }
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
});

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'postamt-backup-'));
  directories.push(directory);
  return openDataDirectory(directory).path;
}

async function start(path: string): Promise<pg.Client> {
  const directory = openDataDirectory(path);
  const secrets = loadSecrets(directory.secrets);
  secrets.postgresPort = await freePort(0);
  saveSecrets(directory.secrets, secrets);
  const prepared = await preparePostgres({
    home: directory.postgres,
    port: secrets.postgresPort,
    password: secrets.postgresPassword,
    durability: 'durable',
  });
  running.push(await prepared.start());
  const client = new pg.Client({ connectionString: prepared.url.replace(/postamt$/, 'postgres') });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

test('a backup of a running installation starts, and holds all that was committed before it began, and nothing by halves', async () => {
  const original = await temporary();
  const first = await start(original);
  await first.query('create database postamt');
  await first.query('create table letter (number int, half int, content text)');
  let number = 0;
  const write = async () => {
    number++;
    await first.query('begin');
    for (const half of [1, 2]) await first.query('insert into letter values ($1, $2, $3)', [number, half, 'x'.repeat(20_000)]);
    await first.query('commit');
  };
  for (let count = 0; count < 50; count++) await write();
  const before = number;
  let done = false;
  const writing = (async () => {
    while (!done) await write();
  })();
  const parent = await temporary();
  const copy = join(parent, 'monday');
  // a certificate that lies elsewhere, and where the copies are to go
  const elsewhere = join(await temporary(), 'server.pem');
  await writeFile(elsewhere, 'a certificate');
  await symlink(elsewhere, join(original, 'tls', 'server.pem'));
  await symlink(parent, join(original, 'copies'));
  await symlink('nowhere', join(original, 'tls', 'dangling'));
  await backUp(openDataDirectory(original), copy).finally(() => {
    done = true;
  });
  await writing;
  await expect(backUp(openDataDirectory(original), copy)).rejects.toThrow(/is there already/);
  // also by another way, and where a name only looks like one outside
  for (const inside of ['inside', '..inside', 'tls/deep/inside', 'copies/../inside'])
    await expect(backUp(openDataDirectory(original), join(original, inside))).rejects.toThrow(/lies in the data directory/);
  await symlink(original, join(parent, 'original'));
  await expect(backUp(openDataDirectory(original), join(parent, 'original', 'inside'))).rejects.toThrow(/lies in the data directory/);
  await expect(backUp(openDataDirectory(original), '/proc/nope/deep')).rejects.toThrow(/^No permission to write \/proc/);
  await expect(backUp(openDataDirectory(original), '--help')).rejects.toThrow(/^Name a directory/);

  // what has the name is whole, or is not there
  for (const name of ['ended', 'cut off'] as const) {
    const interruption = new AbortController();
    const begun = backUp(openDataDirectory(original), join(parent, name), interruption.signal);
    const refused = expect(begun).rejects.toThrow(name === 'ended' ? /^Interrupted/ : /^Postgres ended meanwhile/);
    const copying = async () => {
      const [beside] = (await readdir(parent)).filter((each) => each.startsWith(`${name}.unfinished-`));
      await readdir(join(parent, beside ?? '', name, 'postgres', 'data'));
    };
    await vi.waitFor(copying, { interval: 1, timeout: 30_000 });
    if (name === 'ended') interruption.abort();
    else await first.query(`select pg_terminate_backend(active_pid) from pg_replication_slots`);
    await refused;
  }
  expect((await readdir(parent)).toSorted()).toEqual(['logs', 'monday', 'original', 'tls']);

  expect(loadSecrets(join(copy, 'secrets.json')).secret).toBe(loadSecrets(join(original, 'secrets.json')).secret);
  expect(await readFile(join(copy, 'tls', 'server.pem'), 'utf8')).toBe('a certificate');
  expect(await readdir(copy)).not.toContain('copies');
  // its tables on another disk, as an administrator may have put them
  await rename(join(copy, 'postgres', 'data'), join(parent, 'disk'));
  await symlink(join(parent, 'disk'), join(copy, 'postgres', 'data'));
  const second = await start(copy);
  await backUp(openDataDirectory(copy), join(parent, 'wednesday'));
  expect(await readdir(join(parent, 'wednesday', 'postgres', 'data'))).toContain('PG_VERSION');
  // a copy of it has its password: the one that answers where the original is expected is told apart
  const { postgresPort } = loadSecrets(join(copy, 'secrets.json'));
  saveSecrets(join(original, 'secrets.json'), { ...loadSecrets(join(original, 'secrets.json')), postgresPort });
  await second.query('create database postamt').catch(() => undefined);
  await expect(backUp(openDataDirectory(original), join(parent, 'tuesday'))).rejects.toThrow(/^Postamt does not run in/);
  const { rows } = await second.query<{ letters: number; halves: number }>(
    'select count(distinct number)::int as letters, count(*)::int as halves from letter',
  );
  await second.end();
  await first.end();
  expect(rows[0]?.letters).toBeGreaterThanOrEqual(before);
  expect(rows[0]?.halves).toBe(2 * (rows[0]?.letters ?? 0));
}, 600_000);
