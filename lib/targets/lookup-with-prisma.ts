import type { Database, Transaction } from '../db/prisma.ts';
import { lookupAddresses, lookupStatement, type Ask } from './lookup-addresses.ts';
import type { LookupAddresses } from './resolve-address.ts';

/** The look-up for the web, also inside a transaction: sees what that has changed already. */
export function lookupWithPrisma(database: Database | Transaction): LookupAddresses {
  const ask: Ask = async (parameters) => {
    const rows = await database.$queryRawUnsafe<Record<string, unknown>[]>(numbered, ...parameters);
    return rows.map((row) => Array.from({ length: columns }, (_, index) => row[`c${index}`] ?? null));
  };
  return (addresses) => lookupAddresses(ask, addresses);
}

const columns = 22;
// Prisma brings rows by name, and several columns of the statement have the same
const numbered = `select * from (${lookupStatement}) r(${Array.from({ length: columns }, (_, index) => `c${index}`).join(', ')})`;
