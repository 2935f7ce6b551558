import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { actsStill } from '../customers/acts-still.ts';
import { auditOf, isAboveCaller, heldMailbox } from './own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** OwnMailbox: nobody locks themselves out. OwnersOnly: nor does an administrator lock out an owner, nor whoever has just lost the panel. */
export type DeleteMailboxCode = 'UnknownMailbox' | 'OwnMailbox' | 'OwnersOnly';

const keptForMs = 30 * 24 * 3600 * 1000;

/** Deletes a mailbox: no sign-in, no new mail, but everything is kept for 30 days and its addresses stay reserved. */
export async function deleteMailbox(
  database: Database,
  scope: CustomerScope,
  mailboxId: number,
): Promise<Result<{ purgeAfter: Date }, DeleteMailboxCode>> {
  const purgeAfter = new Date(Date.now() + keptForMs);
  const result = await database.$transaction(async (transaction): Promise<Result<{ purgeAfter: Date }, DeleteMailboxCode>> => {
    if (!(await actsStill(transaction, scope))) return refused('OwnersOnly');
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (!mailbox) return refused('UnknownMailbox');
    if (mailbox.user && scope.actor === `user:${Number(mailbox.user.id)}`) return refused('OwnMailbox');
    if (isAboveCaller(scope, mailbox)) return refused('OwnersOnly');
    // the clock does not start anew when somebody deletes a second time
    if (mailbox.status === 'deleted') return done({ purgeAfter: mailbox.purgeAfter ?? purgeAfter });
    await transaction.mailbox.update({
      where: { id: mailbox.id },
      data: { status: 'deleted', purgeAfter, credentialVersion: { increment: 1 } },
    });
    const details = { purgeAfter: purgeAfter.toISOString(), suspended: mailbox.status === 'suspended' };
    await recordAudit(transaction, { ...auditOf(scope), action: 'mailbox.deleted', subject: mailbox.address, details });
    return done({ purgeAfter });
  });
  return result;
}
