import { checkNewPassword, type NewPasswordProblem } from '../../auth/check-new-password.ts';
import { hashPassword } from '../../auth/password-hash.ts';
import { randomPassword } from '../../auth/random-password.ts';
import type { Database } from '../../db/prisma.ts';
import { auditOf, heldMailbox, isAboveCaller, ownMailbox, type EitherScope } from './own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** UnknownMailbox: none, deleted, or not the caller's. OwnersOnly: an administrator and an owner's mailbox. And what checkNewPassword says. */
export type SetMailboxPasswordCode = 'UnknownMailbox' | 'OwnersOnly' | NewPasswordProblem;

/** Sets a password (null: makes one and answers it). All other sign-ins of this mailbox to the web end; app passwords stay. */
export async function setMailboxPassword(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  given: string | null,
): Promise<Result<{ password: string | null }, SetMailboxPasswordCode>> {
  const before = mayBeSet(scope, await ownMailbox(database, scope, mailboxId));
  if (!before.ok) return before;
  const problem = given === null ? null : checkNewPassword(given, { address: before.value.address });
  if (problem) return refused(problem);
  const password = given ?? randomPassword();
  // before the transaction, so that no lock waits for it
  const passwordHash = await hashPassword(password);
  return database.$transaction(async (transaction): Promise<Result<{ password: string | null }, SetMailboxPasswordCode>> => {
    const held = mayBeSet(scope, await heldMailbox(transaction, scope, mailboxId));
    if (!held.ok) return held;
    const mailbox = held.value;
    await transaction.mailbox.update({ where: { id: mailbox.id }, data: { passwordHash, credentialVersion: { increment: 1 } } });
    // somebody who signed in before they had this mailbox carries the person's version in the cookie
    await transaction.user.updateMany({ where: { mailboxId: mailbox.id }, data: { credentialVersion: { increment: 1 } } });
    await recordAudit(transaction, { ...auditOf(scope), action: 'mailbox.password-set', subject: mailbox.address });
    return done({ password: given === null ? password : null });
  });
}

function mayBeSet(
  scope: EitherScope,
  mailbox: Awaited<ReturnType<typeof ownMailbox>>,
): Result<NonNullable<typeof mailbox>, 'UnknownMailbox' | 'OwnersOnly'> {
  if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
  return isAboveCaller(scope, mailbox) ? refused('OwnersOnly') : done(mailbox);
}
