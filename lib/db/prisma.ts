import { PrismaPg } from '@prisma/adapter-pg';
import { installation } from '../config/installation.ts';
import { PrismaClient } from './generated/client.ts';

export type Database = PrismaClient;
/** Inside `$transaction(async (transaction) => …)`. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

// Kept on globalThis because the development server loads this module anew after each change.
const kept = globalThis as typeof globalThis & { postamtDatabase?: PrismaClient };

/** For tests and scripts: a client of its own. Close it with `$disconnect()`. */
export const openDatabase = (connectionString: string, connections = 10): PrismaClient =>
  new PrismaClient({
    adapter: new PrismaPg({
      connectionString,
      max: connections,
      connectionTimeoutMillis: 5000,
      statement_timeout: 15_000,
      application_name: 'postamt-web',
    }),
  });

/** The web's client, made on first use. */
export function database(): PrismaClient {
  kept.postamtDatabase ??= openDatabase(installation().databaseUrl);
  return kept.postamtDatabase;
}
