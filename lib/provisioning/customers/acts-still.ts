import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Transaction } from '../../db/prisma.ts';
import { holdCustomer } from './customer-limits.ts';

/**
 * Asked again before somebody's sign-in or role is taken, from then on one after the other: false where the caller's own was taken a moment ago.
 * Else two owners who shut each other out at the same time would both succeed, and nobody would remain.
 */
export async function actsStill(transaction: Transaction, { actor, customerId, role }: CustomerScope): Promise<boolean> {
  await holdCustomer(transaction, customerId);
  const [kind, id] = actor.split(':');
  if (kind !== 'user') return true;
  const signsIn = [{ mailboxId: null, passwordHash: { not: null } }, { mailbox: { status: 'active' as const } }];
  return (await transaction.user.count({ where: { id: Number(id), customerId, role, OR: signsIn } })) > 0;
}
