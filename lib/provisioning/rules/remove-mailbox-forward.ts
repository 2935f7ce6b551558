import type { Database } from '../../db/prisma.ts';
import type { EitherScope } from '../mailboxes/own-mailbox.ts';
import { changeMailboxForward } from './change-mailbox-forward.ts';

export const removeMailboxForward = (database: Database, scope: EitherScope, mailboxId: number, forwardId: number) =>
  changeMailboxForward(database, scope, mailboxId, forwardId, 'mailbox-forward.removed', (transaction, id) =>
    transaction.mailboxForward.delete({ where: { id } }),
  );
