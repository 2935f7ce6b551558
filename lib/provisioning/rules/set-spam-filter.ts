import type { SpamFilter } from '../../db/generated/enums.ts';
import type { Database } from '../../db/prisma.ts';
import { auditOf, heldMailbox, type EitherScope } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

export type SetSpamFilterCode = 'UnknownMailbox';

/** How much must speak against a letter before it goes to this mailbox's Junk; off: nothing does but the policy of its author's domain. */
export async function setSpamFilter(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  spamFilter: SpamFilter,
): Promise<Result<null, SetSpamFilterCode>> {
  return database.$transaction(async (transaction): Promise<Result<null, SetSpamFilterCode>> => {
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
    if (mailbox.spamFilter === spamFilter) return done(null);
    await transaction.mailbox.update({ where: { id: mailbox.id }, data: { spamFilter } });
    const details = { from: mailbox.spamFilter, to: spamFilter };
    await recordAudit(transaction, { ...auditOf(scope), action: 'mailbox.spam-filter-set', subject: mailbox.address, details });
    return done(null);
  });
}
