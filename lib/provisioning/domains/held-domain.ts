import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Transaction } from '../../db/prisma.ts';
import { holdCustomer } from '../customers/customer-limits.ts';

const counts = { select: { mailboxes: true, addresses: true, aliases: true } } as const;

/**
 * A domain of the customer, held until the transaction ends: it does not go, stand for another one, or give way to whoever proves the name,
 * between being read and what is made of it. With what stands on it, deleted mailboxes too.
 */
export async function heldDomain(transaction: Transaction, { customerId }: CustomerScope, name: string) {
  await holdCustomer(transaction, customerId);
  await transaction.$queryRaw`select 1 from domain where name = ${name} and customer_id = ${customerId} for no key update`;
  return transaction.domain.findFirst({ where: { name, customerId }, include: { _count: counts } });
}

/** The same for what is made on it; null, too, where it had to give its name up. */
export async function usableDomain(transaction: Transaction, scope: CustomerScope, name: string) {
  const domain = await heldDomain(transaction, scope, name);
  return domain?.displacedFrom === null ? domain : null;
}
