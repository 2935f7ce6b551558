import type { DomainName } from '../../addresses/domain-name.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { openRequests } from './domain-requests.ts';
import { nearestProved } from './owner-of-name.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** UnknownRequest: none that this customer has to answer; withdrawn, too old, or the domain is somebody else's by now */
export type AnswerDomainRequestCode = 'UnknownRequest';

/** Agrees that another customer uses a name below a domain of this one, or refuses. */
export function answerDomainRequest(
  database: Database,
  scope: CustomerScope,
  id: number,
  agrees: boolean,
): Promise<Result<DomainName, AnswerDomainRequestCode>> {
  return database.$transaction(async (transaction): Promise<Result<DomainName, AnswerDomainRequestCode>> => {
    const mine = { id, ownerId: scope.customerId, agreed: null, ...openRequests() };
    const request = await transaction.domainRequest.findFirst({ where: mine });
    if (!request) return refused('UnknownRequest');
    const name = request.name as DomainName;
    const above = await nearestProved(transaction, name);
    if (above?.customerId !== scope.customerId || above.name === name) return refused('UnknownRequest');
    const { count } = await transaction.domainRequest.updateMany({ where: mine, data: { agreed: agrees } });
    if (count === 0) return refused('UnknownRequest');
    const action = agrees ? 'domain-request.agreed' : 'domain-request.refused';
    await recordAudit(transaction, { ...auditOf(scope), action, subject: name, details: { customer: Number(request.customerId) } });
    return done(name);
  });
}
