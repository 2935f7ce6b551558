import type { Database } from '../../db/prisma.ts';
import { auditOf, ownForward, type EitherScope } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import type { RemoveMailboxForwardCode } from './remove-mailbox-forward.ts';
import { done, refused, type Result } from '../result.ts';

/** Takes up again a forward that was paused, because its target did not take letters for a week. */
export async function resumeMailboxForward(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  forwardId: number,
): Promise<Result<null, RemoveMailboxForwardCode>> {
  return database.$transaction(async (transaction): Promise<Result<null, RemoveMailboxForwardCode>> => {
    const own = await ownForward(transaction, scope, mailboxId, forwardId);
    if (!own) return refused('UnknownForward');
    const { mailbox, forward } = own;
    await transaction.mailboxForward.update({ where: { id: forward.id }, data: { pausedAt: null, pauseReason: null, failingSince: null } });
    const details = { target: forward.target };
    await recordAudit(transaction, { ...auditOf(scope), action: 'mailbox-forward.resumed', subject: mailbox.address, details });
    return done(null);
  });
}
