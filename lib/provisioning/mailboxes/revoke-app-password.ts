import type { Database } from '../../db/prisma.ts';
import { auditOf, isAboveCaller, heldMailbox, type EitherScope } from './own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** UnknownAppPassword: none of a mailbox that the caller may touch, or revoked already. OwnersOnly: an administrator and an owner's mailbox. */
export type RevokeAppPasswordCode = 'UnknownAppPassword' | 'OwnersOnly';

/** The device can no longer sign in, and its open connections end within seconds. */
export async function revokeAppPassword(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  appPasswordId: number,
): Promise<Result<null, RevokeAppPasswordCode>> {
  return database.$transaction(async (transaction) => {
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (!mailbox) return refused('UnknownAppPassword');
    if (isAboveCaller(scope, mailbox)) return refused('OwnersOnly');
    const found = await transaction.appPassword.findFirst({ where: { id: appPasswordId, mailboxId: mailbox.id, revokedAt: null } });
    if (!found) return refused('UnknownAppPassword');
    await transaction.appPassword.update({ where: { id: found.id }, data: { revokedAt: new Date() } });
    const details = { label: found.label };
    await recordAudit(transaction, { ...auditOf(scope), action: 'app-password.revoked', subject: mailbox.address, details });
    return done(null);
  });
}
