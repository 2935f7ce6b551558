import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isDatabaseAway } from '#lib/db/is-database-away.ts';
import { openDatabase } from '#lib/db/prisma.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

type Client = ReturnType<typeof openDatabase>;

const ways: Record<string, (client: Client) => Promise<unknown>> = {
  'a query of a model': (client) => client.user.findFirst(),
  'a query in SQL': (client) => client.$queryRaw`select 1`,
  'a transaction': (client) => client.$transaction(async (transaction) => transaction.user.findFirst()),
};

/** What a server says that does not serve now: its last word in the protocol of Postgres. */
function fatal(state: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${state}\0Mno\0\0`);
  const head = Buffer.alloc(5, 'E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

const servers: Record<string, { does: ((socket: Socket) => void) | null; away: boolean }> = {
  'is not there': { does: null, away: true },
  'ends each connection': { does: (socket) => void socket.once('data', () => socket.end()), away: true },
  'resets each connection': { does: (socket) => void socket.once('data', () => socket.resetAndDestroy()), away: true },
  'is starting': { does: (socket) => void socket.once('data', () => socket.end(fatal('57P03'))), away: true },
  'is shutting down': { does: (socket) => void socket.once('data', () => socket.end(fatal('57P01'))), away: true },
  'has no connection left': { does: (socket) => void socket.once('data', () => socket.end(fatal('53300'))), away: true },
  'says nothing': { does: () => {}, away: true },
  'knows another password': { does: (socket) => void socket.once('data', () => socket.end(fatal('28P01'))), away: false },
};

describe.each(Object.entries(servers))('a database that %s', (_, { does, away }) => {
  it.each(Object.entries(ways))(`is ${away ? '' : 'not '}said to be away by %s`, async (_way, ask) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      does?.(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if (!does) server.close();
    const client = openDatabase(`postgres://a:b@127.0.0.1:${port}/x`);
    const failure: unknown = await ask(client).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).not.toBeNull();
    expect(isDatabaseAway(failure)).toBe(away);
    await client.$disconnect();
    server.close();
  });
});

describe.each([
  ['socket', 'postgres://a:b@localhost/x?host=/nirgends'],
  ['name', 'postgres://a:b@nirgends.invalid/x'],
  ['network', 'postgres://a:b@255.255.255.255/x'],
])('a database whose %s is not there', (_, url) => {
  it.each(Object.entries(ways))('is said to be away by %s', async (_way, ask) => {
    const client = openDatabase(url);
    const failure: unknown = await ask(client).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(isDatabaseAway(failure)).toBe(true);
    await client.$disconnect();
  });
});

it('what this program asks wrongly is no database that is away', async () => {
  const failure: unknown = await openDatabase('postgres://a:b@localhost/x?port=99999')
    .mailbox.count()
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'ERR_SOCKET_BAD_PORT' });
  expect(isDatabaseAway(failure)).toBe(false);
});

describe('a database that is there', () => {
  it('is away for whom it ends in the middle of a query, and not for who asks what it refuses', async () => {
    await using database = await createTestDatabase();
    const client = openDatabase(database.url, 2);
    try {
      const failureOf = (work: Promise<unknown>): Promise<unknown> =>
        work.then(
          () => null,
          (error: unknown) => error,
        );
      expect(isDatabaseAway(await failureOf(client.$queryRaw`select pg_terminate_backend(pg_backend_pid())`))).toBe(true);
      expect(isDatabaseAway(await failureOf(client.$queryRaw`select nothing`))).toBe(false);
      // a standby that nobody promoted yet
      const write = async (transaction: Pick<Client, '$executeRaw'>) => {
        await transaction.$executeRaw`set transaction read only`;
        await transaction.$executeRaw`delete from greylist`;
      };
      expect(isDatabaseAway(await failureOf(client.$transaction(write)))).toBe(true);
      // behind a lock that somebody held for too long, or where a disk or its memory was full
      for (const state of ['57014', '57P05', '53100', '53200', '53400', '55P03', '40001', '40P01'])
        expect([
          state,
          isDatabaseAway(await failureOf(client.$executeRawUnsafe(`do $$ begin raise 'no' using errcode = '${state}'; end $$`))),
        ]).toEqual([state, true]);
      const patient = async (transaction: Pick<Client, '$executeRaw'>) => {
        await transaction.$executeRaw`set local statement_timeout = 1`;
        await transaction.$executeRaw`select pg_sleep(1)`;
      };
      expect(isDatabaseAway(await failureOf(client.$transaction(patient)))).toBe(true);
      expect(isDatabaseAway(await failureOf(client.user.findUniqueOrThrow({ where: { id: -1 } })))).toBe(false);
      expect(isDatabaseAway(new TypeError('x is not a function'))).toBe(false);
    } finally {
      await client.$disconnect();
    }
  });
});
