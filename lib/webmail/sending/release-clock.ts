import { database } from '../../db/prisma.ts';
import type { LetterSent } from '../writing/letter.ts';

/** The queue lets letters go by this clock. That of a web process, and that of a browser, may be another by minutes. */
export async function databaseTime(): Promise<Date> {
  const [row] = await database().$queryRaw<{ now: Date }[]>`select now()`;
  return row?.now ?? new Date();
}

/** How long it can be taken back, which a browser counts by itself; 0: it has left. */
export async function withTimeLeft<Sent extends Pick<LetterSent, 'leavesAt'>>(sent: Sent): Promise<Sent & { leavesInMs: number }> {
  const leavesInMs = sent.leavesAt === '' ? 0 : Date.parse(sent.leavesAt) - (await databaseTime()).getTime();
  return { ...sent, leavesInMs: Math.max(0, leavesInMs) };
}
