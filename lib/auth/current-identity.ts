import type { Database } from '../db/prisma.ts';
import type { SignInIdentity } from './sign-in-identity.ts';

const keptForMs = 10_000;
const mostKept = 10_000;
type Known = { until: number; identity: Promise<SignInIdentity | null> };
const cache = new Map<string, Known>();

const keyOf = ({ userId, mailboxId, credentialVersion }: SignInIdentity): string => `${userId} ${mailboxId} ${credentialVersion}`;

/**
 * What the database says now of somebody who signed in earlier, or null if that sign-in no longer counts: password changed, suspended,
 * deleted, role taken away. Asked at each request, remembered for 10 seconds.
 */
export function currentIdentity(database: Database, claimed: SignInIdentity): Promise<SignInIdentity | null> {
  const key = keyOf(claimed);
  const known = cache.get(key);
  if (known && known.until > Date.now()) return known.identity;
  if (cache.size >= mostKept) cache.clear();
  const identity = read(database, claimed);
  cache.set(key, { until: Date.now() + keptForMs, identity });
  identity.catch(() => cache.delete(key));
  return identity;
}

/** After a change made in this process: the next request asks the database. */
export const forgetIdentities = (): void => cache.clear();

const customer = { select: { status: true } } as const;

async function read(database: Database, claimed: SignInIdentity): Promise<SignInIdentity | null> {
  if (claimed.mailboxId !== null) {
    const box = await database.mailbox.findUnique({ where: { id: claimed.mailboxId }, include: { customer, user: true } });
    if (box?.status !== 'active' || box.customer.status !== 'active' || box.credentialVersion !== claimed.credentialVersion) return null;
    return {
      ...claimed,
      kind: box.user ? 'person' : 'mailbox',
      userId: box.user ? Number(box.user.id) : null,
      role: box.user?.role ?? null,
      customerId: Number(box.customerId),
      name: box.user?.name || box.name,
    };
  }
  if (claimed.userId === null) return null;
  const user = await database.user.findUnique({ where: { id: claimed.userId }, include: { customer, mailbox: true } });
  if (!user || user.customer?.status === 'suspended' || user.credentialVersion !== claimed.credentialVersion) return null;
  const person = {
    ...claimed,
    role: user.role,
    customerId: user.customerId === null ? null : Number(user.customerId),
    name: user.name,
  };
  // signed in before the mailbox was made: the webmail is open to them at once
  if (user.mailbox?.status !== 'active') return person;
  const { id, address, credentialVersion } = user.mailbox;
  return { ...person, mailboxId: Number(id), address, credentialVersion };
}
