import { type Database, openDatabase } from './prisma.ts';
import { Prisma } from './generated/client.ts';

/** For the operator's commands: does `work` and answers its exit code; a database that cannot be reached is a sentence and 1. */
export async function operate(url: string, work: (database: Database) => Promise<number>): Promise<number> {
  const database = openDatabase(url, 1);
  try {
    return await work(database);
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || !unreachable.has(error.code)) throw error;
    process.stderr.write('The database cannot be reached: is Postamt running?\n');
    return 1;
  } finally {
    await database.$disconnect();
  }
}

/** No such host, not in time, closed while it worked; refused sign-in; no such database. */
const unreachable = new Set(['P1000', 'P1001', 'P1002', 'P1003', 'P1008', 'P1010', 'P1017', 'P2024', 'P2028']);
