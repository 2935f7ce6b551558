import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { cancelHeld, readOutgoing, type OutgoingLetter } from './outgoing-letters.ts';
import { removeCopy } from './remove-copy.ts';

/** - taken: it is out of the queue, and its copy out of Sent; taken-already: by another request in this moment; gone: it has begun to leave */
export type TakenFromQueue = 'taken' | 'taken-already' | 'gone';

/** Takes a letter that waits out of the queue. */
export async function takeFromQueue(mailbox: MailboxIdentity, letterId: string, outgoing: OutgoingLetter): Promise<TakenFromQueue> {
  const taken = outgoing.queueMessage !== null && (await cancelHeld(mailbox, outgoing.queueMessage));
  const now = taken ? await readOutgoing(mailbox, letterId).catch(() => null) : await readOutgoing(mailbox, letterId);
  if (!taken) return now?.state === 'withdrawn' ? 'taken-already' : 'gone';
  // where its copy lies may have become known only now
  const copy = now?.copy ?? outgoing.copy;
  if (copy) await removeCopy(mailbox, copy).catch(() => undefined);
  return 'taken';
}
