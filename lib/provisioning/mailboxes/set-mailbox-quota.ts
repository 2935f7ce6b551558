import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database, Transaction } from '../../db/prisma.ts';
import { holdLimits, promisedBytes } from '../customers/customer-limits.ts';
import { auditOf, heldMailbox } from './own-mailbox.ts';
import { quotaBytes } from './quota.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** StorageLimit: the customer has as much promised as it may. InvalidQuota: not within 10 MB and 1 TB. A limit below what is used is allowed: nothing is lost, new mail is refused. */
export type SetMailboxQuotaCode = 'UnknownMailbox' | 'InvalidQuota' | 'StorageLimit';

export async function setMailboxQuota(
  database: Database,
  scope: CustomerScope,
  mailboxId: number,
  bytes: number,
): Promise<Result<null, SetMailboxQuotaCode>> {
  const quota = quotaBytes.safeParse(bytes);
  if (!quota.success) return refused('InvalidQuota');
  return database.$transaction((transaction) => quotaIn(transaction, scope, mailboxId, quota.data));
}

/** The same within what else is done, for bytes that quotaBytes has taken. */
export async function quotaIn(
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
