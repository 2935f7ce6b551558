import type { CustomerScope, OperatorScope } from '../../auth/customer-scope.ts';
import { customerId } from '../../db/ids.ts';
import type { Database, Transaction } from '../../db/prisma.ts';
import { auditOf, heldMailbox } from './own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

export type ReleaseSendingCode = 'UnknownMailbox';

/** Lets a mailbox send again that was held (mail-server/spam/guard-outgoing.ts); what waits goes at once. Asking for what is already so changes nothing. */
export async function releaseSending(
  database: Database,
  scope: CustomerScope | OperatorScope,
  mailboxId: number,
): Promise<Result<null, ReleaseSendingCode>> {
  return database.$transaction(async (transaction): Promise<Result<null, ReleaseSendingCode>> => {
    const mailbox =
      'customerId' in scope
        ? await heldMailbox(transaction, scope, mailboxId)
        : await transaction.mailbox.findFirst({ where: { id: mailboxId } });
    if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
    if (mailbox.sendingHeldAt === null) return done(null);
    await transaction.mailbox.update({
      where: { id: mailbox.id },
      data: { sendingHeldAt: null, sendingHeldReason: null, sendingReleasedAt: new Date() },
    });
    await letGo(transaction, mailbox.id);
    const by =
      'customerId' in scope
        ? auditOf(scope)
        : { customerId: customerId(Number(mailbox.customerId)), actor: scope.actor, remote: scope.remote };
    await recordAudit(transaction, { ...by, action: 'mailbox.sending-released', subject: mailbox.address });
    return done(null);
  });
}

async function letGo(transaction: Transaction, mailboxId: bigint): Promise<void> {
  await transaction.$executeRaw`update queue_recipient r set next_attempt_at = greatest(now(), m.release_at) from queue_message m
    where m.account_id = ${mailboxId} and r.message_id = m.id and r.state = 'queued' and r.next_attempt_at = until_released()`;
}
