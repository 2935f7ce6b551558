import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { quotaBytes } from './quota.ts';
import { mailboxName, renameIn, type RenameMailboxCode } from './rename-mailbox.ts';
import { refused, type Result } from '../result.ts';
import { quotaIn, type SetMailboxQuotaCode } from './set-mailbox-quota.ts';

/** Name and storage limit of a mailbox, as one form has them: both, or nothing. */
export async function saveMailboxDetails(
  database: Database,
  scope: CustomerScope,
  mailboxId: number,
  given: { name: string; quotaBytes: number },
): Promise<Result<null, RenameMailboxCode | SetMailboxQuotaCode>> {
  const quota = quotaBytes.safeParse(given.quotaBytes);
  if (!quota.success) return refused('InvalidQuota');
  const name = mailboxName(given.name);
  if (name === null) return refused('InvalidName');
  return database.$transaction(async (transaction) => {
    const changed = await quotaIn(transaction, scope, mailboxId, quota.data);
    // held since then, so nothing is in the way of the name
    return changed.ok ? renameIn(transaction, scope, mailboxId, name) : changed;
  });
}
