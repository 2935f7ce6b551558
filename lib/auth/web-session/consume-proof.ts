import type { Database } from '../../db/prisma.ts';

/** How long a sign-in stands for having typed the password just now. */
const freshForMs = 5 * 60_000;

/**
 * True once, if the password was typed for this session within five minutes: signing in and making a password for the new phone asks for
 * it once, not twice. It is used up by being asked for, so a session that somebody else got hold of opens no second way in.
 */
export async function consumeProof(database: Database, sessionId: number): Promise<boolean> {
  const { count } = await database.webSession.updateMany({
    where: { id: sessionId, provedAt: { gt: new Date(Date.now() - freshForMs) } },
    data: { provedAt: null },
  });
  return count === 1;
}

/** Whether consumeProof would say true now; for the page, which asks for the password otherwise. */
export async function hasProof(database: Database, sessionId: number): Promise<boolean> {
  const row = await database.webSession.findUnique({ where: { id: sessionId }, select: { provedAt: true } });
  return row?.provedAt != null && row.provedAt.getTime() > Date.now() - freshForMs;
}
