import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database, Transaction } from '../../db/prisma.ts';
import { holdLimits, promisedBytes } from '../customers/customer-limits.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';
import { auditOf, heldMailbox } from './own-mailbox.ts';
import { quotaBytes } from './quota.ts';
import { mailboxName, renameIn, type RenameMailboxCode } from './rename-mailbox.ts';

/** StorageLimit: the customer has as much promised as it may. InvalidQuota: not within 10 MB and 1 TB. A limit below what is used is allowed: nothing is lost, new mail is refused. */
export type SaveMailboxDetailsCode = RenameMailboxCode | 'InvalidQuota' | 'StorageLimit';

/** Name and storage limit of a mailbox, as one form has them: both, or nothing. */
export async function saveMailboxDetails(
  database: Database,
  scope: CustomerScope,
  mailboxId: number,
  given: { name: string; quotaBytes: number },
): Promise<Result<null, SaveMailboxDetailsCode>> {
  const quota = quotaBytes.safeParse(given.quotaBytes);
  if (!quota.success) return refused('InvalidQuota');
  const name = mailboxName(given.name);
  if (name === null) return refused('InvalidName');
  return database.$transaction(async (transaction) => {
    const changed = await setQuota(transaction, scope, mailboxId, quota.data);
    // held since then, so nothing is in the way of the name
    return changed.ok ? renameIn(transaction, scope, mailboxId, name) : changed;
  });
}

async function setQuota(
  transaction: Transaction,
  scope: CustomerScope,
  mailboxId: number,
  quota: number,
): Promise<Result<null, 'UnknownMailbox' | 'StorageLimit'>> {
  const { storageBytes } = await holdLimits(transaction, scope.customerId);
  const mailbox = await heldMailbox(transaction, scope, mailboxId);
  if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
  if (Number(mailbox.quotaBytes) === quota) return done(null);
  if (quota > Number(mailbox.quotaBytes)) {
    if ((await promisedBytes(transaction, scope.customerId, mailbox.id)) + quota > storageBytes) return refused('StorageLimit');
  }
  await transaction.mailbox.update({ where: { id: mailbox.id }, data: { quotaBytes: quota } });
  const details = { from: Number(mailbox.quotaBytes), to: quota };
  await recordAudit(transaction, { ...auditOf(scope), action: 'mailbox.quota-set', subject: mailbox.address, details });
  return done(null);
}
