import type { Database } from '../../db/prisma.ts';
import type { EitherScope } from '../mailboxes/own-mailbox.ts';
import { changeMailboxForward } from './change-mailbox-forward.ts';
import { tellAgain } from './tell-again.ts';

/** Takes up again a forward that was paused, because its target did not take letters for a week. */
export const resumeMailboxForward = (database: Database, scope: EitherScope, mailboxId: number, forwardId: number) =>
  changeMailboxForward(database, scope, mailboxId, forwardId, 'mailbox-forward.resumed', async (transaction, id) => {
    await transaction.mailboxForward.update({ where: { id }, data: { pausedAt: null, pauseReason: null, failingSince: null } });
    await tellAgain(transaction, { kind: 'forward', id: Number(id) }, [null]);
  });
