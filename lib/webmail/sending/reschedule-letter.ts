import { longestHoldMs } from '../../config/longest-hold.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { readOutgoing, rescheduleHeld } from './outgoing-letters.ts';

/** Gives a letter that waits another time to leave; false if it has left. Throws MailError NotFound, InvalidRequest. */
export async function rescheduleLetter(mailbox: MailboxIdentity, letterId: string, at: Date): Promise<boolean> {
  const waits = at.getTime() - Date.now();
  if (waits < 0 || waits > longestHoldMs) throw new MailError('InvalidRequest', 'at');
  const outgoing = await readOutgoing(mailbox, letterId);
  if (outgoing === null) throw new MailError('NotFound');
  if (outgoing.state !== 'held' || outgoing.queueMessage === null) return false;
  return rescheduleHeld(mailbox, outgoing.queueMessage, at);
}
