import { setTimeout as sleep } from 'node:timers/promises';
import { messageIdOf } from '../writing/build-letter.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { cancelHeld, findSubmitted, noteWithdrawn, readOutgoing, refusePress, type OutgoingLetter } from './outgoing-letters.ts';
import { saveDraft } from '../writing/save-draft.ts';
import { takeFromQueue } from './take-from-queue.ts';
import type { Letter } from '../writing/letter.ts';

const waitMs = 30_000;
const pollMs = 250;

/**
 * Takes a letter back that has not left yet: its row leaves the queue, and it is a draft again, as it was. Null: it has left already.
 * `press`: the press of "Send" that is taken back; a newer one stays. Throws MailError NotFound for a letter that was never given; should
 * it come yet, by that press, it is not taken.
 */
export async function withdrawLetter(mailbox: MailboxIdentity, letterId: string, press = ''): Promise<Letter | null> {
  for (const until = performance.now() + waitMs; performance.now() < until; await sleep(pollMs)) {
    const outgoing = await readOutgoing(mailbox, letterId);
    if (outgoing === null) {
      if (press === '' || (await refusePress(mailbox, letterId, press))) throw new MailError('NotFound');
      continue;
    }
    // Whoever submits it comes to an end first.
    if (outgoing.state === 'submitting') continue;
    if (press !== '' && outgoing.press !== press) throw new MailError('NotFound');
    return withdraw(mailbox, letterId, outgoing);
  }
  throw new MailError('Unreachable');
}

async function withdraw(mailbox: MailboxIdentity, letterId: string, outgoing: OutgoingLetter): Promise<Letter | null> {
  const { letter, state } = outgoing;
  const taken = state === 'held' ? await takeFromQueue(mailbox, letterId, outgoing) : null;
  if (taken === 'gone') return null;
  // Told to have failed, it may have reached the server all the same.
  if (state === 'failed') {
    const queueMessage = await findSubmitted(mailbox, messageIdOf({ id: letterId }), outgoing.takenAt);
    const isGone = queueMessage !== null && !(await cancelHeld(mailbox, queueMessage));
    if (isGone && (await readOutgoing(mailbox, letterId))?.state !== 'withdrawn') return null;
    await noteWithdrawn(mailbox, letterId);
  }
  if (state === 'sent') return null;
  if (letter === null) throw new MailError('NotFound');
  // the other request makes it a draft
  if (taken === 'taken-already') return { ...letter, draft: null };
  // It is back: the page has it, the ledger has it, and now Drafts has it.
  const kept = { ...letter, draft: null };
  const saved = await saveDraft(mailbox, kept).catch(() => null);
  return { ...kept, draft: saved?.draft ?? null };
}
