import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { auditOf, heldMailbox } from './own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** UnknownMailbox: none, another customer's, or its 30 days are over. */
export type RestoreMailboxCode = 'UnknownMailbox';

/** Brings a deleted mailbox back as it was: folders, mail, aliases, password; suspended if it was so before. */
export async function restoreMailbox(
  database: Database,
  scope: CustomerScope,
  mailboxId: number,
): Promise<Result<null, RestoreMailboxCode>> {
  return database.$transaction(async (transaction) => {
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (!mailbox) return refused('UnknownMailbox');
    if (mailbox.status !== 'deleted') return done(null);
    const deletion = await transaction.auditEvent.findFirst({
      where: { customerId: scope.customerId, action: 'mailbox.deleted', subject: mailbox.address },
      orderBy: { id: 'desc' },
    });
    const status = Object(deletion?.details).suspended === true ? 'suspended' : 'active';
    await transaction.mailbox.update({ where: { id: mailbox.id }, data: { status, purgeAfter: null } });
    await recordAudit(transaction, { ...auditOf(scope), action: 'mailbox.restored', subject: mailbox.address });
    return done(null);
  });
}
