import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { holdCustomer } from '../customers/customer-limits.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** UnknownAddress: no forward, group or catch-all of this customer. */
export type RemoveAddressCode = 'UnknownAddress';

const actions = { forward: 'forward.removed', group: 'group.removed', catch_all: 'catch-all.removed' } as const;

/** Takes a forward, a group or a catch-all away: letters to it are refused from now on. */
export function removeAddress(database: Database, scope: CustomerScope, address: string): Promise<Result<null, RemoveAddressCode>> {
  return database.$transaction(async (transaction) => {
    await holdCustomer(transaction, scope.customerId);
    const entry = await transaction.address.findFirst({
      where: { address, kind: { not: 'mailbox' }, domain: { customerId: scope.customerId } },
      include: { targets: { include: { mailbox: { select: { address: true } } } } },
    });
    if (!entry || entry.kind === 'mailbox') return refused('UnknownAddress');
    await transaction.address.delete({ where: { id: entry.id } });
    const targets = entry.targets.map(({ mailbox, outside }) => mailbox?.address ?? outside ?? '').join(', ');
    await recordAudit(transaction, {
      ...auditOf(scope),
      action: actions[entry.kind],
      subject: entry.address,
      details: { targets: targets.slice(0, 2000) },
    });
    return done(null);
  });
}
