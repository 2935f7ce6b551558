import type { DomainName } from '../../addresses/domain-name.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { CustomerId } from '../../db/ids.ts';
import type { Database, Transaction } from '../../db/prisma.ts';

const validMs = 30 * 86_400_000;

/** A question, and what was answered to it, is good for 30 days. */
export const openRequests = () => ({ askedAt: { gt: new Date(Date.now() - validMs) } });

export interface IncomingRequest {
  id: number;
  name: DomainName;
  parent: DomainName;
  /** name of the asking customer's account, and the sign-in of who asked */
  customer: string;
  askedBy: string;
  askedAt: Date;
}

export interface OwnRequest {
  name: DomainName;
  parent: DomainName;
  agreed: boolean | null;
}

/** Questions that this customer has to answer, and its own with their answers; the oldest first. */
export async function listDomainRequests(
  database: Database,
  { customerId }: CustomerScope,
): Promise<{ incoming: IncomingRequest[]; own: OwnRequest[] }> {
  const orderBy = { askedAt: 'asc' } as const;
  const [incoming, own] = await Promise.all([
    database.domainRequest.findMany({
      where: { ownerId: customerId, agreed: null, ...openRequests() },
      include: { customer: { select: { name: true } } },
      orderBy,
    }),
    database.domainRequest.findMany({ where: { customerId, ...openRequests() }, orderBy }),
  ]);
  return {
    incoming: incoming.map(({ id, name, parent, askedBy, askedAt, customer }) => ({
      id: Number(id),
      name: name as DomainName,
      parent: parent as DomainName,
      customer: customer.name,
      askedBy,
      askedAt,
    })),
    own: own.map(({ name, parent, agreed }) => ({ name: name as DomainName, parent: parent as DomainName, agreed })),
  };
}

/** Whether `owner`, whose the name is, agreed that the customer uses it. */
export const hasAgreed = async (
  database: Database | Transaction,
  { customerId, owner, name }: { customerId: CustomerId; owner: CustomerId; name: DomainName },
): Promise<boolean> =>
  (await database.domainRequest.count({ where: { customerId, ownerId: owner, name, agreed: true, ...openRequests() } })) > 0;
