import type { Database, Transaction } from '../../db/prisma.ts';
import { auditOf, heldMailbox, type EitherScope } from './own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** InvalidName: longer than 120 characters, or a line break in it. */
export type RenameMailboxCode = 'UnknownMailbox' | 'InvalidName';

/** Sets the name that recipients see. The address stays. */
export async function renameMailbox(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  given: string,
): Promise<Result<null, RenameMailboxCode>> {
  const name = mailboxName(given);
  return name === null ? refused('InvalidName') : database.$transaction((transaction) => renameIn(transaction, scope, mailboxId, name));
}

/** A name as it is kept; null for what is none. */
export function mailboxName(given: string): string | null {
  const name = given.trim();
  return name.length > 120 || /\p{Cc}/u.test(name) ? null : name;
}

/** The same within what else is done, for a name that mailboxName gave. */
export async function renameIn(
  transaction: Transaction,
  scope: EitherScope,
  mailboxId: number,
  name: string,
): Promise<Result<null, 'UnknownMailbox'>> {
  const mailbox = await heldMailbox(transaction, scope, mailboxId);
  if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
  if (mailbox.name === name) return done(null);
  await transaction.mailbox.update({ where: { id: mailbox.id }, data: { name } });
  await transaction.user.updateMany({ where: { mailboxId: mailbox.id }, data: { name } });
  await recordAudit(transaction, { ...auditOf(scope), action: 'mailbox.renamed', subject: mailbox.address, details: { name } });
  return done(null);
}
