import type { Database } from '../../db/prisma.ts';
import type { SessionIdentity } from '../sign-in-identity.ts';
import { ownSessions } from './end-sessions.ts';
import { programOf, type Program } from './program-name.ts';

export interface SessionLine {
  id: number;
  program: Program;
  /** null: not known */
  network: string | null;
  beganAt: Date;
  lastUsedAt: Date;
  /** the one that asks */
  current: boolean;
}

/** Where somebody is signed in to the web, the present session first, then by last use. */
export async function listSessions(database: Database, session: SessionIdentity): Promise<SessionLine[]> {
  const rows = await database.webSession.findMany({
    where: { ...ownSessions(session), expiresAt: { gt: new Date() } },
    orderBy: { lastUsedAt: 'desc' },
    take: 100,
  });
  const lines = rows.map(({ id, program, network, createdAt, lastUsedAt }) => ({
    id: Number(id),
    program: programOf(program),
    network: network === 'unknown' ? null : network,
    beganAt: createdAt,
    lastUsedAt,
    current: Number(id) === session.sessionId,
  }));
  return [...lines.filter(({ current }) => current), ...lines.filter(({ current }) => !current)];
}
