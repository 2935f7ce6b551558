import type { Database, Transaction } from '../db/prisma.ts';
import type { Result } from './result.ts';

class Refused extends Error {
  readonly result: { ok: false; code: string };

  constructor(result: { ok: false; code: string }) {
    super(result.code);
    this.result = result;
  }
}

/** Runs an operation in a transaction; where it is refused, nothing of it stays, also what it had changed before it found out. */
export async function undoneWhereRefused<Value, Code extends string>(
  database: Database,
  operation: (transaction: Transaction) => Promise<Result<Value, Code>>,
): Promise<Result<Value, Code>> {
  try {
    return await database.$transaction(async (transaction) => {
      const result = await operation(transaction);
      if (!result.ok) throw new Refused(result);
      return result;
    });
  } catch (error) {
    if (error instanceof Refused) return error.result as { ok: false; code: Code };
    throw error;
  }
}
