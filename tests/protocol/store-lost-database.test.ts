import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openDatabase } from '#mail-server/store/postgres/database.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

/** A way to a database that can be cut as a network is: nothing passes any more, and nobody is told. */
async function silenceable(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets: Socket[] = [];
  let silent = false;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (bytes) => silent || to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      sockets.push(from);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    silence: (on: boolean) => {
      silent = on;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const one = { name: 'one', text: 'select 1::int4' };
const two = { name: 'two', text: 'select 2::int4' };

test('a database that falls silent is away within the time limit, and there again when it speaks', async () => {
  await using database = await createTestDatabase();
  await using way = await silenceable(database.url);
  const lanes = openDatabase({ connectionString: way.url, readLanes: 1, writeLanes: 1, readTimeoutMs: 200, timeoutMs: 200, graceMs: 100 });
  try {
    expect(await lanes.read(one)).toEqual([[1]]);
    expect(await lanes.transaction((query) => query(one))).toEqual([[1]]);
    way.silence(true);
    const asked = [lanes.read(one), lanes.read(two), lanes.transaction((query) => query(two))];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'Unavailable' } });
    }
    way.silence(false);
    expect(await lanes.read(one)).toEqual([[1]]);
    expect(await lanes.transaction((query) => query(two))).toEqual([[2]]);
  } finally {
    await lanes.close();
  }
});

test('a database that may only be read, as a standby before somebody promotes it, is said to be away', async () => {
  await using database = await createTestDatabase();
  const lanes = openDatabase({ connectionString: `${database.url}?options=${encodeURIComponent('-c default_transaction_read_only=on')}` });
  try {
    await expect(lanes.write({ name: 'write', text: 'delete from greylist' })).rejects.toMatchObject({ code: 'Unavailable' });
  } finally {
    await lanes.close();
  }
});

test('half a transaction does not go on when its connection is lost', async () => {
  await using database = await createTestDatabase();
  const lanes = openDatabase({ connectionString: database.url });
  try {
    const transaction = lanes.transaction(async (query) => {
      const [[pid] = []] = await query({ name: 'pid', text: 'select pg_backend_pid()' });
      await lanes.read({ name: 'terminate', text: 'select pg_terminate_backend($1::int4, 5000)' }, [pid]);
      await expect(query(one)).rejects.toBeDefined();
      // by now a new connection would be had for the asking
      await lanes.read(one);
      return query(two);
    });
    await expect(transaction).rejects.toMatchObject({ code: 'Unavailable' });
    expect(await lanes.transaction((query) => query(two))).toEqual([[2]]);
  } finally {
    await lanes.close();
  }
});
