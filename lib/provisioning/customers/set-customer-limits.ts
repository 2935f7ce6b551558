import { z } from 'zod';
import type { OperatorScope } from '../../auth/customer-scope.ts';
import { customerId } from '../../db/ids.ts';
import type { Database } from '../../db/prisma.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

const count = z.number().int().min(0).max(1_000_000).nullable();
const limits = z.object({
  domains: count,
  mailboxes: count,
  storageBytes: z
    .number()
    .int()
    .min(0)
    .max(2 ** 50)
    .nullable(),
  aliases: count,
  appPasswords: count,
  messagesPerHour: count,
});

/** null: as the configuration says */
export type GivenLimits = z.infer<typeof limits>;
export type SetCustomerLimitsCode = 'UnknownCustomer' | 'InvalidLimit';

/** Sets what one customer may have. A limit below what is there takes nothing away: it only lets nothing be added. */
export async function setCustomerLimits(
  database: Database,
  scope: OperatorScope,
  id: number,
  given: GivenLimits,
): Promise<Result<null, SetCustomerLimitsCode>> {
  const parsed = limits.safeParse(given);
  if (!parsed.success) return refused('InvalidLimit');
  const { domains, mailboxes, storageBytes, aliases, appPasswords, messagesPerHour } = parsed.data;
  return database.$transaction(async (transaction) => {
    const customer = await transaction.customer.findUnique({ where: { id } });
    if (!customer) return refused('UnknownCustomer');
    await transaction.customer.update({
      where: { id },
      data: {
        maxDomains: domains,
        maxMailboxes: mailboxes,
        maxStorageBytes: storageBytes,
        maxAliases: aliases,
        maxAppPasswords: appPasswords,
        maxMessagesPerHour: messagesPerHour,
      },
    });
    await recordAudit(transaction, {
      customerId: customerId(customer.id),
      actor: scope.actor,
      remote: scope.remote,
      action: 'customer.limits-set',
      subject: customer.name,
      details: parsed.data,
    });
    return done(null);
  });
}
