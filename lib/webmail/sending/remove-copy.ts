import { inFolder, withImap } from '../connection/imap-pool.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { MessageReference } from '../reading/mail-message.ts';

/** Deletes the copy of a letter that was taken back. */
export function removeCopy(mailbox: MailboxIdentity, copy: MessageReference): Promise<void> {
  return withImap(
    mailbox,
    (imap) => inFolder(imap, copy.folder, async () => void (await imap.client.messageDelete(String(copy.uid), { uid: true }))),
    { retry: true },
  );
}
