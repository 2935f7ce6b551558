import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { usableDomain } from './held-domain.ts';
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
    const domain = await usableDomain(transaction, scope, name);
    const other = target === null ? null : await usableDomain(transaction, scope, target);
    if (!domain || (target !== null && !other)) return refused('UnknownDomain');
    const { mailboxes, addresses, aliases } = domain._count;
    if (other && (mailboxes > 0 || addresses > 0)) return refused('HasAddresses');
    if (other && (other.id === domain.id || other.aliasOf !== null || aliases > 0)) return refused('GoesInCircles');
    await transaction.domain.update({ where: { id: domain.id }, data: { aliasOf: other?.id ?? null } });
    const details = { target: other?.name ?? null };
    await recordAudit(transaction, { ...auditOf(scope), action: 'domain-alias.set', subject: name, details });
    return done(null);
  });
}
