import type { Database } from '../db/prisma.ts';
import { checkSignIn } from './check-sign-in.ts';
import type { LoginThrottleLimits } from './login-throttle.ts';
import type { SessionIdentity } from './sign-in-identity.ts';
import { consumeProof } from './web-session/consume-proof.ts';

/**
 * Whether the one at the keyboard is the person who is signed in: they typed the present password (throttled like a sign-in), or, where
 * `recent` is allowed and none was typed, the sign-in itself was minutes ago and has not been used for this yet.
 */
export async function provePerson(
  database: Database,
  session: SessionIdentity,
  typed: string,
  given: { remote: string | null; limits: LoginThrottleLimits; recent: boolean },
): Promise<'Proved' | 'WrongPassword' | 'Busy'> {
  if (typed === '' && given.recent) return (await consumeProof(database, session.sessionId)) ? 'Proved' : 'WrongPassword';
  const attempt = { address: session.address, password: typed, remoteAddress: given.remote ?? 'unknown' };
  const proof = await checkSignIn(database, attempt, given.limits);
  if (!proof.ok) return proof.failure === 'Unavailable' ? 'Busy' : 'WrongPassword';
  const { userId, mailboxId } = proof.identity;
  return userId === session.userId && mailboxId === session.mailboxId ? 'Proved' : 'WrongPassword';
}
