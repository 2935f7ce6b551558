import type { Database } from '../../db/prisma.ts';
import type { SessionIdentity } from '../sign-in-identity.ts';
import { sessionKeyHash } from './session-key.ts';

/** Ends the session of this key, at once and everywhere. */
export async function endSession(database: Database, key: string): Promise<void> {
  const hash = sessionKeyHash(key);
  if (hash) await database.webSession.deleteMany({ where: { hash } });
}

/** The rows of the same person, whichever identity they were begun with. */
export const ownSessions = ({ userId, mailboxId }: Pick<SessionIdentity, 'userId' | 'mailboxId'>) => ({
  OR: [...(userId === null ? [] : [{ userId }]), ...(mailboxId === null ? [] : [{ mailboxId }])],
});

/** Ends one of one's own sessions; false: there is none of this number. */
export async function endOwnSession(database: Database, session: SessionIdentity, id: number): Promise<boolean> {
  const { count } = await database.webSession.deleteMany({ where: { id, ...ownSessions(session) } });
  return count > 0;
}

/** Ends all but the one that asks. */
export async function endOtherSessions(database: Database, session: SessionIdentity): Promise<number> {
  const { count } = await database.webSession.deleteMany({ where: { id: { not: session.sessionId }, ...ownSessions(session) } });
  return count;
}
