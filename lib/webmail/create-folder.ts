import { withImap } from './imap-pool.ts';
import { MailError } from './mail-error.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';

/** Creates a folder. Throws MailError InvalidRequest (the name), FolderExists. */
export function createFolder(mailbox: MailboxIdentity, name: string): Promise<{ path: string }> {
  const path = name
    .normalize('NFC')
    .split('/')
    .map((level) => level.trim())
    .filter(Boolean)
    .join('/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (path === '' || path.length > 200 || /[\u0000-\u001f\u007f*%]/.test(path)) throw new MailError('InvalidRequest', name);
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
