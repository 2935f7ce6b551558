import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { holdCustomer } from '../customers/customer-limits.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** UnknownAlias: none of this customer's; a mailbox's own address is no alias. */
export type RemoveAliasCode = 'UnknownAlias';

/** Mail to this address is refused from now on. What has arrived stays. */
export async function removeAlias(
  database: Database,
  scope: CustomerScope,
  mailboxId: number,
  address: string,
): Promise<Result<null, RemoveAliasCode>> {
  return database.$transaction(async (transaction) => {
    await holdCustomer(transaction, scope.customerId);
    const alias = await transaction.address.findFirst({
      where: { address, isPrimary: false, mailbox: { id: mailboxId, customerId: scope.customerId } },
      include: { mailbox: { select: { address: true } } },
    });
    if (!alias) return refused('UnknownAlias');
    await transaction.address.delete({ where: { id: alias.id } });
    await recordAudit(transaction, {
      ...auditOf(scope),
      action: 'alias.removed',
      subject: address,
      details: { mailbox: alias.mailbox?.address ?? '' },
    });
    return done(null);
  });
}
