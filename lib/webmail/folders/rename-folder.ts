import { parseFolderPath } from './folder-path.ts';
import { withImap } from '../connection/imap-pool.ts';
import { ownFolder } from './list-folders.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';

/**
 * Gives a folder another name or another place; what lies below it comes along (RFC 9051 section 6.3.6). Throws MailError
 * InvalidRequest (the name, or a special folder), LettersWait, FolderExists, NotFound.
 */
export function renameFolder(mailbox: MailboxIdentity, request: { path: string; name: string }): Promise<{ path: string }> {
  const to = parseFolderPath(request.name);
  return withImap(
    mailbox,
    async (imap) => {
      const { path } = await ownFolder(imap, mailbox, request.path);
      if (path !== to) await imap.client.mailboxRename(path, to);
      imap.memory.delete('folders');
      return { path: to };
    },
    { retry: false },
  );
}
