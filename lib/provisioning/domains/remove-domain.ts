import type { DomainName } from '../../addresses/domain-name.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { heldDomain } from './held-domain.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/**
 * - UnknownDomain: there is none, or it belongs to another customer
 * - HasMailboxes: delete these first; those deleted stay restorable for 30 days and keep the domain
 * - HasDomainAliases: other domains stand for this one
 */
export type RemoveDomainCode = 'UnknownDomain' | 'HasMailboxes' | 'HasDomainAliases';

export async function removeDomain(database: Database, scope: CustomerScope, name: DomainName): Promise<Result<null, RemoveDomainCode>> {
  return database.$transaction(async (transaction) => {
    const domain = await heldDomain(transaction, scope, name);
    if (!domain) return refused('UnknownDomain');
    if (domain._count.mailboxes > 0) return refused('HasMailboxes');
    if (domain._count.aliases > 0) return refused('HasDomainAliases');
    await transaction.domain.delete({ where: { id: domain.id } });
    const { customerId, actor, remote } = scope;
    await recordAudit(transaction, { customerId, actor, remote, action: 'domain.removed', subject: name });
    return done(null);
  });
}
