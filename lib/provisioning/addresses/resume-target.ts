import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { holdCustomer } from '../customers/customer-limits.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';
import { tellAgain } from '../rules/tell-again.ts';

/** UnknownTarget: no such target at an address of this customer. */
export type ResumeTargetCode = 'UnknownTarget';

/** Sends letters to a target again that was paused because all of them came back. */
export function resumeTarget(
  database: Database,
  scope: CustomerScope,
  address: string,
  target: string,
): Promise<Result<null, ResumeTargetCode>> {
  return database.$transaction(async (transaction) => {
    await holdCustomer(transaction, scope.customerId);
    const entry = await transaction.addressTarget.findFirst({
      where: {
        address: { address, domain: { customerId: scope.customerId } },
        OR: [{ outside: target }, { mailbox: { address: target } }],
      },
    });
    if (!entry) return refused('UnknownTarget');
    const data = { failingSince: null, pausedAt: null, pauseReason: null };
    await transaction.addressTarget.update({ where: { id: entry.id }, data });
    await tellAgain(transaction, { kind: 'address', id: Number(entry.addressId) }, [target, null]);
    await recordAudit(transaction, { ...auditOf(scope), action: 'target.resumed', subject: address, details: { target } });
    return done(null);
  });
}
