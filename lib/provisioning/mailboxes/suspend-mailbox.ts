import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { actsStill } from '../customers/acts-still.ts';
import { auditOf, isAboveCaller, heldMailbox } from './own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** OwnMailbox: nobody locks themselves out. OwnersOnly: nor does an administrator lock out an owner, nor whoever has just lost the panel. */
export type SuspendMailboxCode = 'UnknownMailbox' | 'OwnMailbox' | 'OwnersOnly';

/** Suspends a mailbox (nobody signs in, mail still arrives) or lets it work again. Asking for what is already so changes nothing. */
export async function suspendMailbox(
  database: Database,
  scope: CustomerScope,
  mailboxId: number,
  suspended: boolean,
): Promise<Result<null, SuspendMailboxCode>> {
  const result = await database.$transaction(async (transaction): Promise<Result<null, SuspendMailboxCode>> => {
    if (!(await actsStill(transaction, scope))) return refused('OwnersOnly');
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
    if (suspended && mailbox.user && scope.actor === `user:${Number(mailbox.user.id)}`) return refused('OwnMailbox');
    if (isAboveCaller(scope, mailbox)) return refused('OwnersOnly');
    const status = suspended ? 'suspended' : 'active';
    if (mailbox.status === status) return done(null);
    await transaction.mailbox.update({ where: { id: mailbox.id }, data: { status } });
    const action = suspended ? 'mailbox.suspended' : 'mailbox.resumed';
    await recordAudit(transaction, { ...auditOf(scope), action, subject: mailbox.address });
    return done(null);
  });
  return result;
}
