import { inFolder, withImap } from './imap-pool.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import type { MessageReference } from './mail-message.ts';

/** Deletes the copy of a letter that was taken back. */
export function removeCopy(mailbox: MailboxIdentity, copy: MessageReference): Promise<void> {
  return withImap(
    mailbox,
    (imap) => inFolder(imap, copy.folder, async () => void (await imap.client.messageDelete(String(copy.uid), { uid: true }))),
    { retry: true },
  );
}
