import { PrismaPg } from '@prisma/adapter-pg';
import { installation } from '../config/installation.ts';
import { onceInProcess } from '../config/once-in-process.ts';
import { driverCause } from './driver-cause.ts';
import { endsWithItsProgram } from './ends-with-its-program.ts';
import { Prisma, PrismaClient } from './generated/client.ts';

export type Database = PrismaClient;
/** Inside `$transaction(async (transaction) => …)`. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

/** For tests and scripts: a client of its own. Close it with `$disconnect()`. */
export const openDatabase = (connectionString: string, connections = 10): PrismaClient =>
  tryingAgain(
    new PrismaClient({
      adapter: new Postgres({
        connectionString,
        max: connections,
        connectionTimeoutMillis: 5000,
        statement_timeout: 15_000,
        // a database that fell silent does not end its statements itself
        query_timeout: 20_000,
        options: endsWithItsProgram(),
        application_name: 'postamt-web',
      }),
    }),
  );

/**
 * A connection goes on to the next one only when its transaction is over. Where the database fell silent no answer comes to ROLLBACK either, and
 * the driver would give it away inside that transaction: what the next one writes would be acknowledged, and never committed.
 */
export class Postgres extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    adapter.underlyingDriver().on('release', (_error, client) => {
      if (client.getTransactionStatus() !== 'I') void client.end();
    });
    return adapter;
  }
}

const mostTries = 4;

/**
 * Of transactions that wait for each other Postgres ends one. Nothing of it stays, so it is done once more: by itself it would have succeeded.
 * What stands in a transaction therefore changes nothing but the database.
 */
function tryingAgain(client: PrismaClient): PrismaClient {
  const once = client.$transaction.bind(client);
  const $transaction = async <Value>(
    work: (transaction: Transaction) => Promise<Value>,
    options?: Parameters<typeof once>[1],
  ): Promise<Value> => {
    for (let tries = 1; ; tries++)
      try {
        return await once(work, options);
      } catch (error) {
        if (tries === mostTries || !isCollision(error)) throw error;
      }
  };
  return Object.assign(client, { $transaction });
}

/** Deadlock (40P01) and serialisation failure (40001). */
function isCollision(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return error.code === 'P2034' || driverCause(error)?.kind === 'TransactionWriteConflict';
}

/** The web's client, made on first use. */
export const database = (): PrismaClient => onceInProcess('web.database', () => openDatabase(installation().databaseUrl));
