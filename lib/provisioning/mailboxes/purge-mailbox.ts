import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { auditOf, isAboveCaller, heldMailbox } from './own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** UnknownMailbox: none, another customer's, or not deleted. OwnersOnly: an administrator and an owner's mailbox. */
export type PurgeMailboxCode = 'UnknownMailbox' | 'OwnersOnly';

/** Ends the 30 days of a deleted mailbox: nobody can restore it any more, and housekeeping removes it with everything within minutes. */
export async function purgeMailbox(database: Database, scope: CustomerScope, mailboxId: number): Promise<Result<null, PurgeMailboxCode>> {
  return database.$transaction(async (transaction) => {
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (mailbox?.status !== 'deleted') return refused('UnknownMailbox');
    if (isAboveCaller(scope, mailbox)) return refused('OwnersOnly');
    await transaction.mailbox.update({ where: { id: mailbox.id }, data: { purgeAfter: new Date() } });
    await recordAudit(transaction, { ...auditOf(scope), action: 'mailbox.purge-asked', subject: mailbox.address });
    return done(null);
  });
}
