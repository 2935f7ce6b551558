import type { MailboxIdentity } from './mailbox-identity.ts';
import { cancelHeld, readOutgoing, type OutgoingLetter } from './outgoing-letters.ts';
import { removeCopy } from './remove-copy.ts';

/** Takes a letter that waits out of the queue, and its copy out of Sent. False: it has begun to leave. */
export async function takeFromQueue(mailbox: MailboxIdentity, letterId: string, outgoing: OutgoingLetter): Promise<boolean> {
  if (outgoing.queueMessage === null || !(await cancelHeld(mailbox, outgoing.queueMessage))) return false;
  // where its copy lies may have become known only now
  const copy = (await readOutgoing(mailbox, letterId).catch(() => null))?.copy ?? outgoing.copy;
  if (copy) await removeCopy(mailbox, copy).catch(() => undefined);
  return true;
}
