import { hashPassword } from '../auth/password-hash.ts';
import { randomPassword } from '../auth/random-password.ts';
import type { PrismaClient } from '../db/generated/client.ts';
import { progress } from './progress.ts';

/** The operator's login name: an address of the host where that has a domain, else one that cannot exist outside. */
const operatorEmail = (hostName: string): string => `operator@${hostName.includes('.') ? hostName : 'postamt.localhost'}`;

/**
 * Makes the user who runs this installation, if there is none, with a random password. Returns the login: `known` unless the user is
 * new, null if somebody made one elsewhere (another data directory on the same database), whose password we do not know.
 */
export async function ensureOperator(
  database: PrismaClient,
  hostName: string,
  known: { email: string; password: string } | null,
): Promise<{ email: string; password: string } | null> {
  const existing = await database.user.findFirst({ where: { role: 'operator' }, orderBy: { id: 'asc' } });
  if (existing) return known?.email === existing.email ? known : null;
  const login = { email: operatorEmail(hostName), password: randomPassword() };
  await database.$transaction(async (transaction) => {
    const passwordHash = await hashPassword(login.password);
    const user = await transaction.user.create({
      data: { email: login.email, name: 'Operator', role: 'operator', passwordHash },
    });
    await transaction.auditEvent.create({
      data: { actor: 'system', action: 'user.created', subject: `user:${user.id}`, details: { role: 'operator' } },
    });
  });
  progress(`Operator ${login.email} created`);
  return login;
}
