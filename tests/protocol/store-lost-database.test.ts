import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openDatabase as openPrisma } from '#lib/db/prisma.ts';
import { openDatabase } from '#mail-server/store/postgres/database.ts';
import { createAccount } from '#tests/support/accounts.ts';
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
  // a second each: long enough for a connection that is opened on a busy machine
  const limits = { readTimeoutMs: 1000, timeoutMs: 1000, graceMs: 1000 };
  const lanes = openDatabase({ connectionString: way.url, readLanes: 1, writeLanes: 1, ...limits });
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

test('a process that stands still in a transaction keeps what it locked from the others for a moment only, and hears that it has to begin again', async () => {
  await using database = await createTestDatabase();
  const account = await createAccount(database.url, 'max@muster.at');
  const still = openDatabase({ connectionString: database.url, stillnessMs: 300 });
  const other = openDatabase({ connectionString: database.url });
  const count = { name: 'count', text: 'update account_counter set modseq = modseq + 1 where account_id = $1 returning modseq' };
  try {
    const { promise: hasIt, resolve: has } = Promise.withResolvers<void>();
    const { promise: goesOn, resolve: goOn } = Promise.withResolvers<void>();
    const stopped = still.transaction(async (query) => {
      await query(count, [account]);
      has();
      await goesOn;
      return query(count, [account]);
    });
    const outcome = expect(stopped).rejects.toMatchObject({ code: 'Unavailable' });
    await hasIt;
    expect(await other.write(count, [account])).toEqual([[2]]);
    goOn();
    await outcome;
    // nothing of it stayed, and the next one is as any
    expect(await still.transaction((query) => query(count, [account]))).toEqual([[3]]);
  } finally {
    await still.close();
    await other.close();
  }
});

test('Postgres looks after hosts that say nothing, and after transactions that stand still, on the connections of both halves', async () => {
  await using database = await createTestDatabase();
  const text = ['tcp_keepalives_idle', 'tcp_keepalives_count', 'tcp_user_timeout', 'idle_in_transaction_session_timeout']
    .map((name) => `current_setting('${name}')`)
    .join(` || ' ' || `);
  const lanes = openDatabase({ connectionString: database.url });
  const prisma = openPrisma(database.url, 1);
  try {
    const wanted = '30 3 60000 30s';
    const ways = [lanes.read, lanes.write, lanes.bulk, lanes.note].map((ask) => ask({ name: 'settings', text: `select ${text}` }));
    expect((await Promise.all(ways)).flat(2)).toEqual([wanted, wanted, wanted, wanted]);
    expect(await lanes.transaction((query) => query({ name: 'settings', text: `select ${text}` }))).toEqual([[wanted]]);
    expect(await prisma.$queryRawUnsafe(`select ${text} as settings`)).toEqual([{ settings: wanted }]);
  } finally {
    await lanes.close();
    await prisma.$disconnect();
  }
});
