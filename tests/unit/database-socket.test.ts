import { appendFileSync, chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { throughSocket } from '#lib/db/database-url.ts';
import { freePort } from '#lib/launcher/ports.ts';
import { preparePostgres } from '#lib/launcher/postgres/embedded-postgres.ts';
import { stopOrphan } from '#lib/launcher/postgres/orphan.ts';
import { endProcess, identityOf } from '#lib/launcher/process-identity.ts';

const directory = mkdtempSync(join(tmpdir(), 'postamt-socket-'));
chmodSync(directory, 0o711); // as root it runs as another user
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const cameFrom = async (connectionString: string): Promise<unknown> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ from: string | null }>('select host(inet_client_addr()) as from').finally(() => client.end());
  return rows[0]?.from;
};

test('the embedded database answers through its socket too, and again after it was killed, whoever has the number of its process by then', async () => {
  const port = await freePort();
  const prepared = await preparePostgres({ home: join(directory, 'home'), port, password: 'p@ss/wort', durability: 'careless' });
  const url = prepared.url.replace(/postamt$/, 'postgres');
  const socket = throughSocket(url, prepared.socketDirectory);
  const first = await prepared.start();
  const lock = join(prepared.socketDirectory, `.s.PGSQL.${port}.lock`);
  try {
    expect(await cameFrom(url)).toBe('127.0.0.1');
    expect(await cameFrom(socket)).toBeNull();
  } finally {
    await endProcess(identityOf(first.pid), 'SIGKILL', 10_000);
  }
  // our own number: of a process that lives and is no database
  writeFileSync(lock, readFileSync(lock, 'utf8').replace(/^\d+/, String(process.pid)));
  const second = await prepared.start();
  try {
    expect(await cameFrom(socket)).toBeNull();
    // a directory copied while its database ran names a process that serves the original
    const copy = join(directory, 'copy');
    mkdirSync(copy);
    copyFileSync(join(directory, 'home/data/postmaster.pid'), join(copy, 'postmaster.pid'));
    expect([await stopOrphan(copy), existsSync(join(copy, 'postmaster.pid'))]).toEqual([false, false]);
    expect(await cameFrom(socket)).toBeNull();
    expect(await stopOrphan(join(directory, 'home/data'))).toBe(true);
  } finally {
    await endProcess(identityOf(second.pid), 'SIGINT', 60_000);
  }
});

test('a database that repairs itself after a crash for longer than one may be silent is let go on', async () => {
  const home = join(directory, 'home');
  const port = await freePort();
  const prepared = await preparePostgres({ home, port, password: 'p@ss/wort', durability: 'careless', silenceMs: 3500 });
  // it asks for more of its write-ahead log, and waits for the answer, before it accepts anybody
  writeFileSync(join(home, 'data', 'recovery.signal'), '');
  appendFileSync(join(home, 'data', 'postgresql.auto.conf'), `restore_command = 'sleep 2; false'\n`);
  const { pid } = await prepared.start();
  try {
    expect(await cameFrom(prepared.url.replace(/postamt$/, 'postgres'))).toBe('127.0.0.1');
  } finally {
    await endProcess(identityOf(pid), 'SIGINT', 60_000);
  }
});

test('a database that was restored beside the secrets of another backup says so at once', async () => {
  const home = join(directory, 'home');
  const prepared = await preparePostgres({ home, port: await freePort(), password: 'another', durability: 'careless' });
  await expect(prepared.start()).rejects.toThrow('has another password than secrets.json says');
  expect(existsSync(join(home, 'data', 'postmaster.pid'))).toBe(false);
});

test('a database whose port another one took says that, whatever that one says of its password, and how late', async () => {
  const port = await freePort();
  const prepared = await preparePostgres({ home: join(directory, 'home'), port, password: 'p@ss/wort', durability: 'careless' });
  const fields = 'SFATAL\0C28P01\0Mno\0\0';
  const refusal = Buffer.concat([Buffer.from('E'), Buffer.from([0, 0, 0, fields.length + 4]), Buffer.from(fields)]);
  let answered = 0;
  const other = createServer((socket) => {
    socket.on('error', () => undefined);
    setTimeout(() => socket.end(refusal), answered++ === 0 ? 0 : 1000);
  }).listen(port, '127.0.0.1');
  await expect(prepared.start()).rejects.toThrow('cannot start: FATAL:  could not create any TCP/IP sockets');
  other.close();
});

test('a directory whose name is too long for a socket leaves the database its port alone', async () => {
  const home = join(directory, 'a'.repeat(90));
  const { socketDirectory, url } = await preparePostgres({ home, port: 54_321, password: 'test', durability: 'careless' });
  expect(socketDirectory).toBe('');
  expect(throughSocket(url, socketDirectory)).toBe(url);
});
