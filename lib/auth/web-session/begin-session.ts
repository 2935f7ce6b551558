import type { Database } from '../../db/prisma.ts';
import { networkOf } from '../../addresses/network-of.ts';
import type { SignInIdentity } from '../sign-in-identity.ts';
import { randomSessionKey, sessionKeyHash } from './session-key.ts';
import { sessionIdleMs } from './session-lifetime.ts';

export interface Browser {
  userAgent: string;
  remoteAddress: string;
}

/** A person has so many at once; the one that was not used for longest gives way. */
const mostOfOne = 50;
const longestProgram = 300;

/**
 * Begins a session for somebody whose password was right, and answers the key for the cookie. `proved`: the password was typed for this
 * sign-in, so it need not be asked for again in the next minutes (consume-proof.ts).
 */
export async function beginSession(
  database: Database,
  identity: SignInIdentity,
  browser: Browser,
  { proved }: { proved: boolean },
): Promise<string> {
  const key = randomSessionKey();
  const hash = sessionKeyHash(key);
  if (!hash) throw new Error('a generated session key is not of its own form');
  const { userId, mailboxId, credentialVersion } = identity;
  const now = Date.now();
  await database.webSession.create({
    data: {
      hash,
      userId,
      mailboxId,
      credentialVersion,
      expiresAt: new Date(now + sessionIdleMs()),
      provedAt: proved ? new Date(now) : null,
      program: browser.userAgent.replaceAll('\0', '').slice(0, longestProgram),
      network: networkOf(browser.remoteAddress),
    },
  });
  const own = userId === null ? { mailboxId } : { userId };
  const surplus = await database.webSession.findMany({
    where: own,
    orderBy: { lastUsedAt: 'desc' },
    skip: mostOfOne,
    select: { id: true },
  });
  if (surplus.length > 0) await database.webSession.deleteMany({ where: { id: { in: surplus.map(({ id }) => id) } } });
  return key;
}
