import { parseDomainName, type DomainName } from '../../addresses/domain-name.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database, Transaction } from '../../db/prisma.ts';
import { domainFromInput } from './add-domain.ts';
import { holdLimits } from '../customers/customer-limits.ts';
import { openRequests } from './domain-requests.ts';
import { nearestProved } from './owner-of-name.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/**
 * - InvalidDomain: not a domain name
 * - NobodyToAsk: it does not lie below a domain that another customer proved
 * - AskedAlready: the owner has the question, or answered it within 30 days
 * - TooManyUnproved: as many names wait for an answer as the customer may have waiting for a proof
 */
export type AskForDomainCode = 'InvalidDomain' | 'NobodyToAsk' | 'AskedAlready' | 'TooManyUnproved';

/** Asks the owner of the domain above for a name below it. He sees who asks, and answers in his panel. */
export async function askForDomain(
  database: Database,
  scope: CustomerScope,
  input: string,
): Promise<Result<{ name: DomainName; parent: DomainName }, AskForDomainCode>> {
  const name = parseDomainName(domainFromInput(input));
  if (!name) return refused('InvalidDomain');
  const above = await nearestProved(database, name);
  if (!above || above.name === name || above.customerId === scope.customerId) return refused('NobodyToAsk');
  return database.$transaction(async (transaction): Promise<Result<{ name: DomainName; parent: DomainName }, AskForDomainCode>> => {
    const { unprovedDomains } = await holdLimits(transaction, scope.customerId);
    const mine = { customerId: scope.customerId, ...openRequests() };
    const before = await transaction.domainRequest.findFirst({ where: { ...mine, name } });
    // a domain that changed hands has another owner to ask
    if (before?.ownerId === BigInt(above.customerId)) return refused('AskedAlready');
    if ((await transaction.domainRequest.count({ where: { ...mine, agreed: null } })) >= unprovedDomains) return refused('TooManyUnproved');
    const data = { ownerId: above.customerId, parent: above.name, askedBy: await signInOf(transaction, scope), agreed: null };
    await transaction.domainRequest.upsert({
      where: { customerId_name: { customerId: scope.customerId, name } },
      create: { customerId: scope.customerId, name, ...data },
      update: { ...data, askedAt: new Date() },
    });
    await recordAudit(transaction, { ...auditOf(scope), action: 'domain.asked-for', subject: name, details: { parent: above.name } });
    return done({ name, parent: above.name });
  });
}

async function signInOf(transaction: Transaction, { actor, customerId }: CustomerScope): Promise<string> {
  const [kind, id] = actor.split(':');
  if (kind !== 'user') return '';
  return (await transaction.user.findFirst({ where: { id: Number(id), customerId }, select: { email: true } }))?.email ?? '';
}
