import type { Database } from '../../db/prisma.ts';
import type { UserRole } from '../../db/generated/enums.ts';
import { networkOf } from '../../addresses/network-of.ts';
import type { SessionIdentity } from '../sign-in-identity.ts';
import { sessionKeyHash } from './session-key.ts';
import { sessionIdleMs } from './session-lifetime.ts';

/** Use is noted so often at most: a page of forty requests must not become forty writes. */
const noteEveryMs = 300_000;

interface Row {
  id: bigint;
  last_used_at: Date;
  user_id: bigint | null;
  role: UserRole | null;
  mailbox_id: bigint | null;
  customer_id: bigint | null;
  address: string;
  name: string;
  locale: string;
  credential_version: number;
}

/**
 * Who the key in the cookie stands for now, or null: signed out, expired, or the person's password, role or state changed since. One
 * statement a request and nothing remembered between requests, so an end is an end at once in every process.
 */
export async function findSession(database: Database, key: string, remoteAddress: string): Promise<SessionIdentity | null> {
  const hash = sessionKeyHash(key);
  if (!hash) return null;
  // triggers delete what has ended; the conditions say it once more, for the moment between a sign-in and a change that cross each other
  const [row] = await database.$queryRaw<Row[]>`
    select s.id, s.last_used_at, u.id as user_id, u.role, m.id as mailbox_id, coalesce(m.customer_id, u.customer_id) as customer_id,
      coalesce(m.address, u.email) as address, coalesce(nullif(u.name, ''), m.name, '') as name,
      coalesce(m.locale, u.locale) as locale, s.credential_version
    from web_session s
      left join app_user u on u.id = s.user_id
      left join mailbox m on m.id = coalesce(s.mailbox_id, u.mailbox_id)
      left join customer c on c.id = coalesce(m.customer_id, u.customer_id)
    where s.hash = ${hash} and s.expires_at > now()
      and coalesce(m.status, 'active') = 'active' and coalesce(c.status, 'active') = 'active'
      and s.credential_version = coalesce(m.credential_version, u.credential_version)`;
  if (!row) return null;
  if (Date.now() - row.last_used_at.getTime() > noteEveryMs) await noteUse(database, row.id, remoteAddress);
  const number = (value: bigint | null): number | null => (value === null ? null : Number(value));
  return {
    sessionId: Number(row.id),
    kind: row.user_id === null ? 'mailbox' : 'person',
    userId: number(row.user_id),
    mailboxId: number(row.mailbox_id),
    customerId: number(row.customer_id),
    role: row.role,
    address: row.address,
    name: row.name,
    locale: row.locale,
    credentialVersion: row.credential_version,
  };
}

/** Use prolongs a session. */
async function noteUse(database: Database, id: bigint, remoteAddress: string): Promise<void> {
  const now = Date.now();
  await database.webSession.updateMany({
    // of those that come at once the first one notes it
    where: { id, lastUsedAt: { lt: new Date(now - noteEveryMs) } },
    data: { lastUsedAt: new Date(now), expiresAt: new Date(now + sessionIdleMs()), network: networkOf(remoteAddress) },
  });
}
