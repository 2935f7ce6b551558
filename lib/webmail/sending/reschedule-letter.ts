import { longestHoldMs } from '../../config/longest-hold.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { readOutgoing, rescheduleHeld } from './outgoing-letters.ts';
import { databaseTime } from './release-clock.ts';

/** until a change of time is committed */
const settledMs = 2000;

/**
 * Gives a letter that waits another time to leave; null: now, by the clock of the database and no browser's. Null if it has left, else when it
 * leaves. Throws MailError NotFound, InvalidRequest.
 */
export async function rescheduleLetter(
  mailbox: Pick<MailboxIdentity, 'mailboxId'>,
  letterId: string,
  wanted: Date | null,
): Promise<Date | null> {
  const now = (await databaseTime()).getTime();
  const at = wanted ?? new Date(now + settledMs);
  const waits = at.getTime() - now;
  if (waits < 0 || waits > longestHoldMs) throw new MailError('InvalidRequest', 'at');
  const outgoing = await readOutgoing(mailbox, letterId);
  if (outgoing === null) throw new MailError('NotFound');
  if (outgoing.state !== 'held' || outgoing.queueMessage === null) return null;
  return (await rescheduleHeld(mailbox, outgoing.queueMessage, at)) ? at : null;
}
