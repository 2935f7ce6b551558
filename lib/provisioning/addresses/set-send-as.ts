import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { auditOf, heldMailbox } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** UnknownMailbox, UnknownAddress: none, or another customer's; a mailbox sends with its own addresses anyway. */
export type SetSendAsCode = 'UnknownMailbox' | 'UnknownAddress';

/** Lets a mailbox send as a forward or a group of the customer, or takes that away. `onBehalf`: its own address stands in Sender. */
export function setSendAs(
  database: Database,
  scope: CustomerScope,
  mailboxId: number,
  address: string,
  way: 'as' | 'on-behalf' | 'not',
): Promise<Result<null, SetSendAsCode>> {
  return database.$transaction(async (transaction) => {
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
    const entry = await transaction.address.findFirst({
      where: { address, kind: { in: ['forward', 'group'] }, domain: { customerId: scope.customerId } },
    });
    if (!entry) return refused('UnknownAddress');
    const key = { mailboxId: mailbox.id, addressId: entry.id };
    const onBehalf = way === 'on-behalf';
    if (way === 'not') await transaction.sendAs.deleteMany({ where: key });
    else {
      await transaction.sendAs.upsert({ where: { mailboxId_addressId: key }, create: { ...key, onBehalf }, update: { onBehalf } });
    }
    await recordAudit(transaction, {
      ...auditOf(scope),
      action: way === 'not' ? 'send-as.taken' : 'send-as.granted',
      subject: mailbox.address,
      details: { address, onBehalf },
    });
    return done(null);
  });
}
