import { parseFolderPath } from './folder-path.ts';
import { withImap } from '../connection/imap-pool.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';

/** Creates a folder. Throws MailError InvalidRequest (the name), FolderExists. */
export function createFolder(mailbox: MailboxIdentity, name: string): Promise<{ path: string }> {
  const path = parseFolderPath(name);
  return withImap(
    mailbox,
    async (imap) => {
      const created = await imap.client.mailboxCreate(path);
      imap.memory.delete('folders');
      if (!created.created) throw new MailError('FolderExists', path);
      return { path: created.path };
    },
    { retry: false },
  );
}
