import { inFolder, withImap } from '../connection/imap-pool.ts';
import { specialFolder } from '../folders/list-folders.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { MoveResult, SpecialUse } from './conversation-list.ts';
import { newUids, uidSet } from '../connection/uid-set.ts';

/**
 * Moves messages to a folder, by name or by use (MOVE, RFC 6851: all or none). The result says where they are now (COPYUID), so that
 * undoing is moving them back. Throws MailError NotFound if a folder is missing, QuotaExceeded.
 */
export function moveMessages(
  mailbox: MailboxIdentity,
  request: { folder: string; uids: readonly number[]; to: string | { use: SpecialUse } },
): Promise<MoveResult> {
  return withImap(
    mailbox,
    async (imap) => {
      const to = typeof request.to === 'string' ? request.to : await specialFolder(imap, request.to.use);
      if (to === null) throw new MailError('NotFound', typeof request.to === 'string' ? request.to : request.to.use);
      if (to === request.folder) return { from: request.folder, to, uids: [...request.uids] };
      return inFolder(imap, request.folder, async () => {
        const moved = await imap.client.messageMove(uidSet(request.uids), to, { uid: true });
        return { from: request.folder, to, uids: [...newUids(moved).values()] };
      });
    },
    { retry: false },
  );
}

/** Deletes for good (UID EXPUNGE). Only the trash and drafts ask for it, and the page has asked the person. */
export function deleteForGood(mailbox: MailboxIdentity, request: { folder: string; uids: readonly number[] | 'all' }): Promise<MoveResult> {
  return withImap(
    mailbox,
    (imap) =>
      inFolder(imap, request.folder, async () => {
        const range = request.uids === 'all' ? '1:*' : uidSet(request.uids);
        const empty = imap.client.mailbox !== false && imap.client.mailbox.exists === 0;
        if (!empty) await imap.client.messageDelete(range, { uid: true });
        return { from: request.folder, to: null, uids: [] };
      }),
    { retry: false },
  );
}
