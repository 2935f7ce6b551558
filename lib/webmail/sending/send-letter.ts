import { setTimeout as sleep } from 'node:timers/promises';
import { longestHoldMs } from '../../config/longest-hold.ts';
import { buildLetter, envelopeRecipients, type BuiltLetter } from '../writing/build-letter.ts';
import { inFolder, withImap } from '../connection/imap-pool.ts';
import { specialFolder } from '../folders/list-folders.ts';
import { MailError } from '../connection/mail-error.ts';
import { mailHost } from '../connection/mail-host.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { readSettings } from '../mailbox-settings.ts';
import {
  cancelHeld,
  findSubmitted,
  heartbeatMs,
  longestUndoMs,
  noteAlive,
  noteConcluded,
  noteSubmitted,
  readOutgoing,
  takeLetter,
  type Taken,
} from './outgoing-letters.ts';
import { discardDraft } from '../writing/save-draft.ts';
import { databaseTime } from './release-clock.ts';
import { scheduledFolder } from './scheduled-folder.ts';
import { setFlag } from '../reading/set-flags.ts';
import { removeCopy } from './remove-copy.ts';
import { takeFromQueue } from './take-from-queue.ts';
import { submitLetter, type Submission, type Submitted } from './submit-letter.ts';
import type { Letter, LetterSent } from '../writing/letter.ts';
import type { MessageReference } from '../reading/mail-message.ts';
import { keepUploadsWith, removeUploadsOf } from '../files/upload-store.ts';

export interface Wish {
  /** null: after the seconds in which it can be taken back */
  at: Date | null;
  /** the press of "Send" this request belongs to; empty: the server's own letters */
  press?: string;
}

/**
 * Gives a letter to the mail server, which lets it go after the seconds in which it can be taken back, or at `at`. From here on it is the
 * server's promise: no page needs to stay open. The draft goes, a copy lies in Sent (or with the letters that wait), the answered message
 * is marked. Given twice by one press, however close, it is sent once: by the ledger of outgoing letters. Another press is a newer wish: it
 * takes the place of what has not left. Throws MailError InvalidRequest, NoRecipient, InvalidRecipient, UploadGone, TooLarge, Refused, Unreachable; then
 * nothing was sent; TakenBack, AlreadySent (with another text).
 */
export async function sendLetter(mailbox: MailboxIdentity, letter: Letter, wish: Wish): Promise<LetterSent> {
  const press = wish.press ?? '';
  const recipients = envelopeRecipients(letter);
  if (recipients.length > mailHost().recipients) throw new MailError('TooManyRecipients', String(mailHost().recipients));
  const wanted = await wantedTime(mailbox, wish.at);
  for (const until = performance.now() + waitMs; performance.now() < until; await sleep(pollMs)) {
    const taken = await takeLetter(mailbox, letter, press, wanted);
    if (taken !== null) return submitTaken(mailbox, letter, { taken, press, recipients });
    const before = await readOutgoing(mailbox, letter.id);
    // Whoever submits it comes to an end, or stops saying that it is alive.
    if (before === null || before.state === 'submitting') continue;
    const same = press === '' || before.press === press;
    const stale = press !== '' && before.pressesBefore.includes(press);
    if (stale || (before.state === 'withdrawn' && same)) throw new MailError('TakenBack');
    if (same && before.result !== null) return before.result;
    if (before.state === 'sent') throw new MailError('AlreadySent');
    if (before.state === 'held' && (await takeFromQueue(mailbox, letter.id, before)) === 'gone') throw new MailError('AlreadySent');
  }
  throw new MailError('Unreachable');
}

async function wantedTime(mailbox: MailboxIdentity, at: Date | null): Promise<Date> {
  if (at !== null && at.getTime() > Date.now() + longestHoldMs) throw new MailError('InvalidRequest', 'at');
  const now = (await databaseTime()).getTime();
  const wanted = at === null ? now + (await readSettings(mailbox)).undoSeconds * 1000 : Math.max(at.getTime(), now);
  // The server counts whole seconds; who takes back in the last one is still in time.
  return new Date(wanted > now ? Math.ceil(wanted / 1000) * 1000 : wanted);
}

/** Whoever has taken it says that it lives until it is done. */
async function submitTaken(
  mailbox: MailboxIdentity,
  letter: Letter,
  { taken, press, recipients }: { taken: Taken; press: string; recipients: string[] },
): Promise<LetterSent> {
  const mine = { letterId: letter.id, attempt: taken.attempt };
  const heart = setInterval(() => void noteAlive(mailbox, mine).catch(() => undefined), heartbeatMs);
  const { begun, releaseAt, uncertainSince } = taken;
  const holdUntil = releaseAt.getTime() > begun.getTime() ? releaseAt : null;
  try {
    const built = await buildLetter(mailbox, letter, 'send', releaseAt);
    const before = uncertainSince && (await findSubmitted(mailbox, built.messageId, uncertainSince));
    // What an earlier press may have left in the queue has another text.
    if (before && press !== taken.pressBefore && !(await cancelHeld(mailbox, before))) throw new MailError('AlreadySent');
    const submission = { from: built.from, to: recipients, bytes: built.bytes, holdUntil };
    const submitted =
      before && press === taken.pressBefore
        ? { refused: [], queueMessage: before }
        : await submitOrFind(mailbox, submission, built.messageId, begun);
    const waits = releaseAt.getTime() - begun.getTime() > longestUndoMs;
    return await conclude(mailbox, letter, { mine, submitted, built, holdUntil, waits });
  } catch (error) {
    const left = error instanceof MailError && error.code === 'AlreadySent';
    await noteSubmitted(mailbox, mine, { state: left ? 'sent' : 'failed' });
    throw error;
  } finally {
    clearInterval(heart);
  }
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
  // As long as it is being submitted nobody takes it back: a draft that it became then would be thrown away here.
  await discardDraft(mailbox, letter, letter.draft).catch(() => undefined);
  // Held, until all is done that follows: should this process die, another does it (settle-released.ts).
  await noteSubmitted(mailbox, mine, { state: 'held', queueMessage: submitted.queueMessage, result });
  const copy = await keepCopy(mailbox, built, waits).catch(() => null);
  const kept = await noteConcluded(mailbox, mine, { copy, result: { ...result, copyKept: copy !== null } }).catch(() => true);
  if (!kept) {
    // Taken back in this moment: it is a draft again, and was never sent.
    if (copy) await removeCopy(mailbox, copy).catch(() => undefined);
    return result;
  }
  await Promise.all([
    // What may still be taken back has not been answered yet.
    held ? undefined : markSource(mailbox, letter).catch(() => undefined),
    // its files too are needed once more if it is taken back
    (held ? keepUploadsWith(mailbox, letter) : removeUploadsOf(mailbox, letter)).catch(() => undefined),
  ]);
  if (!held) await noteConcluded(mailbox, mine, { sent: true }).catch(() => undefined);
  return { ...result, copyKept: copy !== null };
}

const waitMs = 90_000;
const pollMs = 250;

/** Whether the server has the letter that this press gave, and it was not taken back. */
export async function wasSent(mailbox: MailboxIdentity, letterId: string, press: string): Promise<boolean> {
  const outgoing = await readOutgoing(mailbox, letterId);
  return (outgoing?.state === 'held' || outgoing?.state === 'sent') && (press === '' || outgoing.press === press);
}

/** In Sent, or with the letters that wait; once, however often it is asked for. */
export function keepCopy(mailbox: MailboxIdentity, built: BuiltLetter, waits: boolean): Promise<MessageReference | null> {
  return withImap(
    mailbox,
    async (imap) => {
      const folder = waits ? await scheduledFolder(imap, mailbox.locale) : await specialFolder(imap, 'sent');
      if (folder === null) return null;
      const same = await inFolder(imap, folder, () => imap.client.search({ header: { 'message-id': built.messageId } }, { uid: true }));
      if (Array.isArray(same) && same[0] !== undefined) return { folder, uid: same[0] };
      const appended = await imap.client.append(folder, built.copy, ['\\Seen']);
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
