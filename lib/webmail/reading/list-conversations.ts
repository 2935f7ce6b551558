import { rowsFor } from './conversation-rows.ts';
import { conversationsOf, currentIndex, type FolderIndex, type IndexedConversation } from './folder-index.ts';
import { inFolder, withImap, type ImapWork } from '../connection/imap-pool.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { ListFilter, ListWindow } from './conversation-list.ts';
import { withFiles } from './with-files.ts';

const largestWindow = 200;

/**
 * Conversations `from` to `from + count - 1` of a folder, newest first. Positions count the conversations that pass the filter.
 * Throws MailError NotFound if the folder is gone.
 */
export function listConversations(
  mailbox: MailboxIdentity,
  request: { folder: string; from: number; count: number; filter: ListFilter; keep?: readonly number[] },
): Promise<ListWindow> {
  return withImap(
    mailbox,
    (imap) =>
      inFolder(imap, request.folder, async () => {
        const index = await currentIndex(imap);
        const passing = await filtered(imap, index, request.filter, new Set(request.keep));
        const window = passing.slice(request.from, request.from + Math.min(request.count, largestWindow));
        let unread = 0;
        for (const message of index.messages.values()) if (message.unread && !message.deleted) unread += 1;
        return {
          folder: request.folder,
          uidValidity: String(index.uidValidity),
          modseq: String(index.modseq),
          total: passing.length,
          unread,
          from: request.from,
          rows: await rowsFor(imap, request.folder, window),
        };
      }),
    { retry: true },
  );
}

async function filtered(imap: ImapWork, index: FolderIndex, filter: ListFilter, keep: ReadonlySet<number>): Promise<IndexedConversation[]> {
  const all = conversationsOf(index);
  if (filter === 'unread') return all.filter(({ messages }) => messages.some(({ unread, uid }) => unread || keep.has(uid)));
  if (filter === 'attachment') {
    const uids = await withFiles(
      imap,
      all.flatMap((conversation) => conversation.messages.map((message) => message.uid)),
    );
    return all.filter((conversation) => conversation.messages.some((message) => uids.has(message.uid)));
  }
  return all;
}
