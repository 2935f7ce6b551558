import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, type Result } from '../result.ts';
import type { QuarantineSettings } from './withheld-letters.ts';

/** What becomes of letters with malware and with programs; what waits already goes on waiting. */
export async function setQuarantine(
  database: Database,
  scope: CustomerScope,
  { viruses, programs }: QuarantineSettings,
): Promise<Result<null, never>> {
  return database.$transaction(async (transaction) => {
    await transaction.customer.update({
      where: { id: scope.customerId },
      data: { quarantinesViruses: viruses, quarantinesPrograms: programs },
    });
    await recordAudit(transaction, { ...auditOf(scope), action: 'quarantine.set', subject: 'quarantine', details: { viruses, programs } });
    return done(null);
  });
}
