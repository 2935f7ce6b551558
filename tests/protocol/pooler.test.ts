import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEnvironment } from '#lib/config/config.ts';
import { openDatabase } from '#lib/launcher/database.ts';
import { describeStartFailure } from '#mail-server/start-failure.ts';
import { checkDatabase } from '#mail-server/store/postgres/check-database.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

/** What stands between a program and Postgres; a pooler names processes of its own (BackendKeyData), as pgbouncer does. */
async function between(lends: boolean) {
  const { hostname, port } = new URL(database.url);
  const server = createServer((program) => {
    const postgres = connect(Number(port), hostname);
    program.pipe(postgres);
    postgres.on('data', (chunk: Buffer) => {
      const at = lends ? chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12])) : -1;
      if (at >= 0) chunk.writeUInt32BE(0x7f000001, at + 5);
      program.write(chunk);
    });
    postgres.on('close', () => program.destroy());
    for (const socket of [program, postgres]) socket.on('error', () => socket.destroy());
    program.on('close', () => postgres.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(database.url);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return { url: url.toString(), where: `${url.host}${url.pathname}`, [Symbol.dispose]: () => server.close() };
}

const launched = (url: string) =>
  openDatabase(
    parseEnvironment({ DATABASE_URL: url }),
    ...([{}, {}] as unknown as [Parameters<typeof openDatabase>[1], Parameters<typeof openDatabase>[2]]),
  );

test('whoever gives the address of a pooler is told so by the start, before anything is locked through it', async () => {
  using pooler = await between(true);
  const sentence = `At ${pooler.where} a pooler answers (pgbouncer?): Postamt keeps its own connections to Postgres, so give it the address of Postgres itself.`;
  await expect(launched(pooler.url)).rejects.toThrow(sentence);
  expect(await checkDatabase(pooler.url).catch(describeStartFailure)).toBe(sentence);
});

test('what only passes the bytes on is no pooler', async () => {
  using balancer = await between(false);
  expect((await launched(balancer.url)).url).toBe(balancer.url);
  expect(await checkDatabase(balancer.url)).toBe(undefined);
});
