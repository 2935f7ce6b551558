import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/**
 * - UnknownDomain: one of the two is none of the customer's
 * - HasAddresses: what stands for another domain has no mailboxes and addresses of its own
 * - GoesInCircles: the other one stands for a domain itself
 */
export type SetDomainAliasCode = 'UnknownDomain' | 'HasAddresses' | 'GoesInCircles';

/** Lets every address of `name` lead to the same local part on `target`; null ends that. */
export function setDomainAlias(
  database: Database,
  scope: CustomerScope,
  name: string,
  target: string | null,
): Promise<Result<null, SetDomainAliasCode>> {
  return database.$transaction(async (transaction) => {
    const domain = await transaction.domain.findFirst({
      where: { name, customerId: scope.customerId },
      include: { _count: { select: { mailboxes: true, addresses: true, aliases: true } } },
    });
    if (!domain) return refused('UnknownDomain');
    const other = target === null ? null : await transaction.domain.findFirst({ where: { name: target, customerId: scope.customerId } });
    if (target !== null && !other) return refused('UnknownDomain');
    if (other && (domain._count.mailboxes > 0 || domain._count.addresses > 0)) return refused('HasAddresses');
    if (other && (other.id === domain.id || other.aliasOf !== null || domain._count.aliases > 0)) return refused('GoesInCircles');
    await transaction.domain.update({ where: { id: domain.id }, data: { aliasOf: other?.id ?? null } });
    const details = { target: other?.name ?? null };
    await recordAudit(transaction, { ...auditOf(scope), action: 'domain-alias.set', subject: name, details });
    return done(null);
  });
}
