import { inFolder, withImap } from './imap-pool.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { cancelHeld, noteWithdrawn, type OutgoingLetter } from './outgoing-letters.ts';
import type { MessageReference } from './types.ts';

/** Takes a letter that waits out of the queue, and its copy out of Sent. False: it has begun to leave. */
export async function takeFromQueue(mailbox: MailboxIdentity, letterId: string, { queueMessage, copy }: OutgoingLetter): Promise<boolean> {
  if (queueMessage === null || !(await cancelHeld(mailbox, queueMessage))) return false;
  await noteWithdrawn(mailbox, letterId, 'held');
  if (copy) await removeCopy(mailbox, copy).catch(() => undefined);
  return true;
}

export function removeCopy(mailbox: MailboxIdentity, copy: MessageReference): Promise<void> {
  return withImap(
    mailbox,
    (imap) => inFolder(imap, copy.folder, async () => void (await imap.client.messageDelete(String(copy.uid), { uid: true }))),
    { retry: true },
  );
}
