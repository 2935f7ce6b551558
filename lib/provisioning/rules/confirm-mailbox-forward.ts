import { timingSafeEqual } from 'node:crypto';
import type { Database } from '../../db/prisma.ts';
import { forwardCodeHash } from './add-mailbox-forward.ts';
import { auditOf, isAboveCaller, heldForward, type EitherScope } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/**
 * - UnknownForward: none of this mailbox's
 * - OwnersOnly: an administrator would read an owner's letters
 * - WrongCode: another one was sent
 * - CodeExpired: older than three days, or tried too often; a new one can be sent
 */
export type ConfirmMailboxForwardCode = 'UnknownForward' | 'OwnersOnly' | 'WrongCode' | 'CodeExpired';

const mostTries = 10;

/** Starts a forward to an address outside with the code that its receiver got. */
export async function confirmMailboxForward(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  forwardId: number,
  code: string,
): Promise<Result<null, ConfirmMailboxForwardCode>> {
  return database.$transaction(async (transaction): Promise<Result<null, ConfirmMailboxForwardCode>> => {
    const own = await heldForward(transaction, scope, mailboxId, forwardId);
    if (!own) return refused('UnknownForward');
    const { mailbox, forward } = own;
    if (isAboveCaller(scope, mailbox)) return refused('OwnersOnly');
    if (forward.confirmedAt) return done(null);
    const { codeHash, codeUntil } = forward;
    // counted in one statement: guesses sent side by side each use up a try
    const { count } = await transaction.mailboxForward.updateMany({
      where: { id: forward.id, codeTries: { lt: mostTries } },
      data: { codeTries: { increment: 1 } },
    });
    if (!codeHash || !codeUntil || codeUntil.getTime() < Date.now() || count === 0) return refused('CodeExpired');
    const given = forwardCodeHash(mailboxId, forward.target, code.replace(/\s/g, ''));
    if (!timingSafeEqual(given, codeHash)) return refused('WrongCode');
    await transaction.mailboxForward.update({
      where: { id: forward.id },
      data: { confirmedAt: new Date(), codeHash: null, codeUntil: null, codeTries: 0 },
    });
    const details = { target: forward.target };
    await recordAudit(transaction, { ...auditOf(scope), action: 'mailbox-forward.confirmed', subject: mailbox.address, details });
    return done(null);
  });
}
