import { database } from '../../db/prisma.ts';
import type { LetterSent } from '../writing/letter.ts';

/** The queue lets letters go by this clock. That of a web process, and that of a browser, may be another by minutes. */
export async function databaseTime(): Promise<Date> {
  const [row] = await database().$queryRaw<{ now: Date }[]>`select now()`;
  return row?.now ?? new Date();
}

/** How long it can be taken back, which a browser counts by itself; 0: it has left. It is given: where the database is away now, our own clock must do. */
export async function withTimeLeft<Sent extends Pick<LetterSent, 'leavesAt'>>(sent: Sent): Promise<Sent & { leavesInMs: number }> {
  if (sent.leavesAt === '') return { ...sent, leavesInMs: 0 };
  const now = await databaseTime().catch(() => new Date());
  return { ...sent, leavesInMs: Math.max(0, Date.parse(sent.leavesAt) - now.getTime()) };
}
