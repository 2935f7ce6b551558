import type { Database } from '../../db/prisma.ts';
import { auditOf, isAboveCaller, heldMailbox, type EitherScope } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/**
 * - UnknownMailbox: none, or not the caller's
 * - OwnersOnly: an administrator for an owner
 */
export type KeepForwardedCode = 'UnknownMailbox' | 'OwnersOnly';

/** Whether a copy of what is passed on stays in the mailbox: one answer for all its forwards, as a letter is kept or not. */
export async function keepForwarded(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  keep: boolean,
): Promise<Result<null, KeepForwardedCode>> {
  return database.$transaction(async (transaction): Promise<Result<null, KeepForwardedCode>> => {
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
    if (isAboveCaller(scope, mailbox)) return refused('OwnersOnly');
    await transaction.mailboxForward.updateMany({ where: { mailboxId: mailbox.id }, data: { keep } });
    const details = { keep };
    await recordAudit(transaction, { ...auditOf(scope), action: 'mailbox-forward.keep-set', subject: mailbox.address, details });
    return done(null);
  });
}
