import type { OperatorScope } from '../../auth/customer-scope.ts';
import { customerId } from '../../db/ids.ts';
import type { Database } from '../../db/prisma.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** Suspends a customer (nobody of it signs in; mail still arrives) or lets it work again. Asking for what is already so changes nothing. */
export async function suspendCustomer(
  database: Database,
  scope: OperatorScope,
  id: number,
  suspended: boolean,
): Promise<Result<null, 'UnknownCustomer'>> {
  const result = await database.$transaction(async (transaction): Promise<Result<null, 'UnknownCustomer'>> => {
    const customer = await transaction.customer.findUnique({ where: { id } });
    if (!customer) return refused('UnknownCustomer');
    const status = suspended ? 'suspended' : 'active';
    if (customer.status === status) return done(null);
    await transaction.customer.update({ where: { id }, data: { status } });
    await recordAudit(transaction, {
      customerId: customerId(customer.id),
      actor: scope.actor,
      remote: scope.remote,
      action: suspended ? 'customer.suspended' : 'customer.resumed',
      subject: customer.name,
    });
    return done(null);
  });
  return result;
}
