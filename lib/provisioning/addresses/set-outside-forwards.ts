import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, type Result } from '../result.ts';

/** Whether the mailboxes of the customer may pass letters on to addresses outside; those that they set already rest while they may not. */
export async function setOutsideForwards(database: Database, scope: CustomerScope, allowed: boolean): Promise<Result<null, never>> {
  return database.$transaction(async (transaction) => {
    const { name, forwardsOutside } = await transaction.customer.findUniqueOrThrow({ where: { id: scope.customerId } });
    if (forwardsOutside === allowed) return done(null);
    await transaction.customer.update({ where: { id: scope.customerId }, data: { forwardsOutside: allowed } });
    const action = allowed ? 'outside-forwards.allowed' : 'outside-forwards.forbidden';
    await recordAudit(transaction, { ...auditOf(scope), action, subject: name, details: {} });
    return done(null);
  });
}

export async function readOutsideForwards(database: Database, scope: CustomerScope): Promise<boolean> {
  return (await database.customer.findUniqueOrThrow({ where: { id: scope.customerId } })).forwardsOutside;
}
