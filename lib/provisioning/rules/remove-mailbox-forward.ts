import type { Database } from '../../db/prisma.ts';
import { auditOf, ownForward, type EitherScope } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** UnknownForward: none of this mailbox's. */
export type RemoveMailboxForwardCode = 'UnknownForward';

export async function removeMailboxForward(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  forwardId: number,
): Promise<Result<null, RemoveMailboxForwardCode>> {
  return database.$transaction(async (transaction): Promise<Result<null, RemoveMailboxForwardCode>> => {
    const own = await ownForward(transaction, scope, mailboxId, forwardId);
    if (!own) return refused('UnknownForward');
    const { mailbox, forward } = own;
    await transaction.mailboxForward.delete({ where: { id: forward.id } });
    const details = { target: forward.target };
    await recordAudit(transaction, { ...auditOf(scope), action: 'mailbox-forward.removed', subject: mailbox.address, details });
    return done(null);
  });
}
