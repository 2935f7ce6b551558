import { createRequire } from 'node:module';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { expect, test } from 'vitest';
import { Prisma } from '#lib/db/generated/client.ts';
import { isDatabaseAway } from '#lib/db/is-database-away.ts';
import { openDatabase, Postgres, type Transaction } from '#lib/db/prisma.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

test('of two transactions that wait for each other both succeed, and each change is made once', async () => {
  const test = await createTestDatabase();
  const database = openDatabase(test.url);
  await database.$executeRaw`CREATE TABLE counted (id int PRIMARY KEY, n int NOT NULL)`;
  await database.$executeRaw`INSERT INTO counted VALUES (1, 0), (2, 0)`;
  const add = (transaction: Transaction, id: number) => transaction.$executeRaw`UPDATE counted SET n = n + 1 WHERE id = ${id}`;
  const met = Promise.withResolvers<void>();
  let holding = 0;
  const change = (first: number, second: number) =>
    database.$transaction(async (transaction) => {
      await add(transaction, first);
      if (++holding === 2) met.resolve();
      await met.promise;
      await add(transaction, second);
    });
  await Promise.all([change(1, 2), change(2, 1)]);
  expect(holding).toBe(3);
  expect(await database.$queryRaw`SELECT n FROM counted ORDER BY id`).toEqual([{ n: 2 }, { n: 2 }]);
  await database.$disconnect();
  await test.drop();
});

test('what is written after a transaction that nobody could end is no part of it', async () => {
  const test = await createTestDatabase();
  const adapter = await new Postgres({ connectionString: test.url, max: 1 }).connect();
  const run = (to: Pick<typeof adapter, 'executeRaw'>, sql: string) => to.executeRaw({ sql, args: [], argTypes: [] });
  await run(adapter, 'CREATE TABLE written (n int)');
  const transaction = await adapter.startTransaction();
  await run(transaction, 'INSERT INTO written VALUES (1)');
  // as when no answer came to ROLLBACK
  await transaction.rollback();
  await run(adapter, 'INSERT INTO written VALUES (2)');
  const database = openDatabase(test.url);
  expect(await database.$queryRaw`SELECT n FROM written`).toEqual([{ n: 2 }]);
  await database.$disconnect();
  await adapter.dispose();
  await test.drop();
});

test('a collision is known by its name: the built web holds the class of its errors twice', async () => {
  const test = await createTestDatabase();
  const database = openDatabase(test.url);
  const another: typeof import('@prisma/driver-adapter-utils') = createRequire(import.meta.url)('@prisma/driver-adapter-utils');
  expect(another.DriverAdapterError).not.toBe(DriverAdapterError);
  const failure = (cause: DriverAdapterError['cause']) =>
    new Prisma.PrismaClientKnownRequestError('', {
      code: 'P2010',
      clientVersion: '',
      meta: { driverAdapterError: new another.DriverAdapterError(cause) },
    });
  let tries = 0;
  const work = async (): Promise<number> => {
    if (++tries === 1) throw failure({ kind: 'TransactionWriteConflict' });
    return tries;
  };
  expect(await database.$transaction(work)).toBe(2);
  expect(isDatabaseAway(failure({ kind: 'DatabaseNotReachable' }))).toBe(true);
  expect(isDatabaseAway(failure({ kind: 'TransactionWriteConflict' }))).toBe(true);
  expect(isDatabaseAway(failure({ kind: 'UniqueConstraintViolation' }))).toBe(false);
  await database.$disconnect();
  await test.drop();
});
