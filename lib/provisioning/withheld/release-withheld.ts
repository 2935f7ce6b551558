import type { Database, Transaction } from '../../db/prisma.ts';
import { auditOf, type EitherScope } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';
import { undoneWhereRefused } from '../roll-back.ts';
import { mayDecide } from './withheld-letters.ts';

/**
 * - UnknownLetter: it does not wait any more, or is not the caller's to decide about
 * - UnknownMailbox: the mailbox that it is for was deleted; restored, it can be released
 * - MailboxFull: the mailbox that it is for has no room at present; it goes on waiting
 */
export type ReleaseWithheldCode = 'UnknownLetter' | 'UnknownMailbox' | 'MailboxFull';

/** Lets a letter go that waited: to the group, or into the inbox that it was for. Twice at the same time: once. */
export function releaseWithheld(database: Database, scope: EitherScope, id: number): Promise<Result<null, ReleaseWithheldCode>> {
  return undoneWhereRefused<null, ReleaseWithheldCode>(database, async (transaction) => {
    const letter = await find(transaction, scope, id);
    if (!letter) return refused('UnknownLetter');
    if (letter.mailbox?.status === 'deleted') return refused('UnknownMailbox');
    if (letter.mailboxId !== null && !(await hasRoom(transaction, letter.mailboxId, letter.size))) return refused('MailboxFull');
    const [row] = await transaction.$queryRaw<{ done: boolean }[]>`
      select release_withheld(${scope.customerId}::bigint, ${letter.id}::bigint) as done`;
    if (!row?.done) return refused('UnknownLetter');
    await note(transaction, scope, letter, 'withheld.released');
    return done(null);
  });
}

/** Deletes a letter that waits. */
export function discardWithheld(database: Database, scope: EitherScope, id: number): Promise<Result<null, ReleaseWithheldCode>> {
  return undoneWhereRefused<null, ReleaseWithheldCode>(database, async (transaction) => {
    const letter = await find(transaction, scope, id);
    if (!letter) return refused('UnknownLetter');
    const { count } = await transaction.withheldLetter.deleteMany({ where: { id: letter.id, ...mayDecide(scope) } });
    if (count === 0) return refused('UnknownLetter');
    await note(transaction, scope, letter, 'withheld.discarded');
    return done(null);
  });
}

const find = (transaction: Transaction, scope: EitherScope, id: number) =>
  transaction.withheldLetter.findFirst({
    where: { id, ...mayDecide(scope) },
    select: { id: true, recipient: true, mailboxId: true, mailbox: { select: { status: true } }, size: true, cause: true, author: true },
  });

type Found = NonNullable<Awaited<ReturnType<typeof find>>>;

const note = (
  transaction: Transaction,
  scope: EitherScope,
  { recipient, cause, author }: Found,
  action: 'withheld.released' | 'withheld.discarded',
) => recordAudit(transaction, { ...auditOf(scope), action, subject: recipient, details: { cause, author } });

async function hasRoom(transaction: Transaction, mailboxId: bigint, bytes: number): Promise<boolean> {
  const counter = await transaction.accountCounter.findUnique({
    where: { accountId: mailboxId },
    select: { usedBytes: true, quotaBytes: true },
  });
  return counter !== null && counter.usedBytes + BigInt(bytes) <= counter.quotaBytes;
}
