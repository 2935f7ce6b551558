import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { actsStill } from './acts-still.ts';
import { auditOf, heldMailbox } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** owner: everything, roles too. administrator: everything but owners and roles. none: the mailbox only. */
export type PanelRole = 'owner' | 'administrator' | 'none';

/**
 * - OwnMailbox: nobody takes their own role away, so an owner always remains
 * - OwnersOnly: roles are given by owners
 */
export type SetRoleCode = 'UnknownMailbox' | 'OwnMailbox' | 'OwnersOnly';

/** Opens the panel to a mailbox's user, or closes it. What they sign in with stays the mailbox's address and password. */
export async function setRole(
  database: Database,
  scope: CustomerScope,
  mailboxId: number,
  role: PanelRole,
): Promise<Result<null, SetRoleCode>> {
  if (scope.role !== 'owner') return refused('OwnersOnly');
  const result = await database.$transaction(async (transaction): Promise<Result<null, SetRoleCode>> => {
    if (!(await actsStill(transaction, scope))) return refused('OwnersOnly');
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
    const { user } = mailbox;
    if (user && scope.actor === `user:${Number(user.id)}`) return refused('OwnMailbox');
    if ((user?.role ?? 'none') === role) return done(null);
    if (role === 'none') {
      // the row stays for the audit's sake; without mailbox and password nobody signs in with it
      const data = { mailboxId: null, passwordHash: null, role: 'administrator', credentialVersion: { increment: 1 } } as const;
      await transaction.user.updateMany({ where: { mailboxId: mailbox.id }, data });
    } else {
      const { customerId, id, name, locale, address: email } = mailbox;
      const known = user ?? (await transaction.user.findFirst({ where: { email, customerId, mailboxId: null } }));
      if (known) await transaction.user.update({ where: { id: known.id }, data: { role, mailboxId: id, passwordHash: null } });
      else await transaction.user.create({ data: { customerId, email, name, locale, role, mailboxId: id } });
    }
    await recordAudit(transaction, { ...auditOf(scope), action: 'person.role-set', subject: mailbox.address, details: { role } });
    return done(null);
  });
  return result;
}
