import { setTimeout as sleep } from 'node:timers/promises';
import { buildLetter, envelopeRecipients, type BuiltLetter } from './build-letter.ts';
import { inFolder, withImap } from './imap-pool.ts';
import { specialFolder } from './list-folders.ts';
import { MailError } from './mail-error.ts';
import { mailHost } from './mail-host.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { readSettings } from './mailbox-settings.ts';
import { findSubmitted, noteCopy, noteSubmitted, readOutgoing, takeLetter } from './outgoing-letters.ts';
import { discardDraft } from './save-draft.ts';
import { scheduledFolder } from './scheduled-folder.ts';
import { setFlag } from './set-flags.ts';
import { submitLetter, type Submission, type Submitted } from './submit-letter.ts';
import { removeCopy } from './remove-copy.ts';
import type { Letter, LetterSent, MessageReference } from './types.ts';
import { keepUploadsWith, removeUploadsOf } from './upload-store.ts';

/** A later moment than this many seconds was chosen by somebody: such letters wait in a folder of their own. */
export const longestUndoSeconds = 30;
/** As far ahead as a letter may wait; the queue's own limit is not shorter. */
const longestHoldMs = 365 * 86_400_000;

/**
 * Gives a letter to the mail server, which lets it go after the seconds in which it can be taken back, or at `at`. From here on it is the
 * server's promise: no page needs to stay open. The draft goes, a copy lies in Sent (or with the letters that wait), the answered message
 * is marked. Given twice, however close, it is sent once: by the ledger of outgoing letters.
 * Throws MailError NoRecipient, InvalidRecipient, UploadGone, TooLarge, Refused, Unreachable; then nothing was sent.
 */
export async function sendLetter(mailbox: MailboxIdentity, letter: Letter, at: Date | null): Promise<LetterSent> {
  const recipients = envelopeRecipients(letter);
  if (recipients.length > mailHost().recipients) throw new MailError('TooLarge', String(mailHost().recipients));
  const now = Date.now();
  const { undoSeconds } = await readSettings(mailbox);
  const wantedMs = at === null ? now + undoSeconds * 1000 : Math.min(Math.max(at.getTime(), now), now + longestHoldMs);
  // The server counts whole seconds; who takes back in the last one is still in time.
  const releaseMs = Math.ceil(wantedMs / 1000) * 1000;
  const taken = await takeLetter(mailbox, letter, new Date(releaseMs));
  if (taken === null) return resultOfTheFirst(mailbox, letter);
  const mine = { letterId: letter.id, attempt: taken.attempt };
  const takenAt = new Date(now);
  const release = new Date(releaseMs);
  const holdUntil = wantedMs > now ? release : null;
  let submitted: Submitted;
  let built: BuiltLetter;
  try {
    built = await buildLetter(mailbox, letter, 'send', release);
    const before = taken.lastTaken && (await findSubmitted(mailbox, built.messageId, taken.lastTaken));
    submitted = before
      ? { refused: [], queueMessage: before }
      : await submitOrFind(mailbox, { from: built.from, to: recipients, bytes: built.bytes, holdUntil }, built.messageId, takenAt);
  } catch (error) {
    await noteSubmitted(mailbox, mine, { state: 'withdrawn' });
    throw error;
  }
  return conclude(mailbox, letter, {
    mine,
    submitted,
    built,
    holdUntil,
    waits: at !== null && releaseMs - now > longestUndoSeconds * 1000,
  });
}

/** An answer that was lost may have been a yes: then the server has noted it. */
async function submitOrFind(mailbox: MailboxIdentity, submission: Submission, messageId: string, since: Date): Promise<Submitted> {
  try {
    return await submitLetter(mailbox, submission);
  } catch (error) {
    const queueMessage = error instanceof MailError && error.code === 'Unreachable' ? await findSubmitted(mailbox, messageId, since) : null;
    if (queueMessage === null) throw error;
    return { refused: [], queueMessage };
  }
}

interface Given {
  mine: { letterId: string; attempt: string };
  submitted: Submitted;
  built: BuiltLetter;
  holdUntil: Date | null;
  /** long enough to lie with the letters that wait */
  waits: boolean;
}

/** From here on it is given: what fails now is told, never thrown. */
async function conclude(mailbox: MailboxIdentity, letter: Letter, given: Given): Promise<LetterSent> {
  const { mine, submitted, built, holdUntil, waits } = given;
  const held = holdUntil !== null && submitted.queueMessage !== null;
  const result: LetterSent = { refused: submitted.refused, copyKept: true, leavesAt: held ? holdUntil.toISOString() : '' };
  const state = held ? 'held' : 'sent';
  await noteSubmitted(mailbox, mine, { state, queueMessage: submitted.queueMessage, result });
  const copy = await keepCopy(mailbox, built, waits).catch(() => null);
  const isTold = await noteCopy(mailbox, mine, copy, { ...result, copyKept: copy !== null }).catch(() => true);
  if (!isTold && copy) await removeCopy(mailbox, copy).catch(() => undefined);
  await Promise.all([
    discardDraft(mailbox, letter, letter.draft).catch(() => undefined),
    // What may still be taken back has not been answered yet.
    held ? undefined : markSource(mailbox, letter).catch(() => undefined),
    // its files too are needed once more if it is taken back
    (held ? keepUploadsWith(mailbox, letter) : removeUploadsOf(mailbox, letter)).catch(() => undefined),
  ]);
  return { ...result, copyKept: copy !== null };
}

const waitMs = 90_000;
const pollMs = 250;

/** The letter is being submitted, or was: its result. Throws MailError Unreachable if the first comes to none in time. */
async function resultOfTheFirst(mailbox: MailboxIdentity, letter: Letter): Promise<LetterSent> {
  for (const until = Date.now() + waitMs; Date.now() < until; await sleep(pollMs)) {
    const outgoing = await readOutgoing(mailbox, letter.id);
    if (outgoing === null || outgoing.state === 'withdrawn') break;
    if (outgoing.state !== 'submitting') return outgoing.result ?? { refused: [], copyKept: true, leavesAt: '' };
  }
  throw new MailError('Unreachable');
}

/** Whether a letter of this id was given to be sent and was not taken back. */
export async function wasSent(mailbox: MailboxIdentity, letterId: string): Promise<boolean> {
  const state = (await readOutgoing(mailbox, letterId))?.state;
  return state === 'held' || state === 'sent';
}

function keepCopy(mailbox: MailboxIdentity, built: BuiltLetter, waits: boolean): Promise<MessageReference | null> {
  return withImap(
    mailbox,
    async (imap) => {
      const folder = waits ? await scheduledFolder(imap, mailbox.locale) : await specialFolder(imap, 'sent');
      if (folder === null) return null;
      const same = await inFolder(imap, folder, () => imap.client.search({ header: { 'message-id': built.messageId } }, { uid: true }));
      if (Array.isArray(same) && same[0] !== undefined) return { folder, uid: same[0] };
      const appended = await imap.client.append(folder, built.bytes, ['\\Seen']);
      return appended === false || appended.uid === undefined ? null : { folder, uid: appended.uid };
    },
    { retry: false },
  );
}

/** Answered or forwarded. */
export async function markSource(mailbox: MailboxIdentity, letter: Pick<Letter, 'kind' | 'source'>): Promise<void> {
  if (!letter.source) return;
  const flag = letter.kind === 'forward' ? 'forwarded' : 'answered';
  await setFlag(mailbox, { folder: letter.source.folder, uids: [letter.source.uid], flag, on: true });
}
