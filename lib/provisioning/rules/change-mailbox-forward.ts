import type { Database, Transaction } from '../../db/prisma.ts';
import { auditOf, heldForward, type EitherScope } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** UnknownForward: none of this mailbox's. */
export type ChangeMailboxForwardCode = 'UnknownForward';

/** What is done to one forward of a mailbox, with the line that says so. */
export const changeMailboxForward = (
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  forwardId: number,
  action: 'mailbox-forward.removed' | 'mailbox-forward.resumed',
  change: (transaction: Transaction, id: bigint) => Promise<unknown>,
): Promise<Result<null, ChangeMailboxForwardCode>> =>
  database.$transaction(async (transaction): Promise<Result<null, ChangeMailboxForwardCode>> => {
    const own = await heldForward(transaction, scope, mailboxId, forwardId);
    if (!own) return refused('UnknownForward');
    const { mailbox, forward } = own;
    await change(transaction, forward.id);
    await recordAudit(transaction, { ...auditOf(scope), action, subject: mailbox.address, details: { target: forward.target } });
    return done(null);
  });
