import { parseEmailAddress } from '../../addresses/email-address.ts';
import { accountId } from '../../db/ids.ts';
import { database } from '../../db/prisma.ts';
import { webLog } from '../../http/web-log.ts';
import { buildLetter } from '../writing/build-letter.ts';
import { inFolder, withImap } from '../connection/imap-pool.ts';
import { specialFolder } from '../folders/list-folders.ts';
import { MailError, type MailErrorCode } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { forgetOldLetters, noteReleased, noteUnsettled, readAbandoned, readOutgoing, readReleased } from './outgoing-letters.ts';
import { isScheduledFolder } from './scheduled-name.ts';
import { discardDraft, saveDraft } from '../writing/save-draft.ts';
import { databaseTime } from './release-clock.ts';
import { keepCopy, markSource, sendLetter } from './send-letter.ts';
import type { MessageReference } from '../reading/mail-message.ts';
import { removeUploadsOf } from '../files/upload-store.ts';
import { isFirstInProcess } from '../../config/once-in-process.ts';

const everyMs = 5_000;
const mostAtOnce = 50;
const concludingMs = 20_000;
const copyingMs = 86_400_000;
const mayPass: ReadonlySet<MailErrorCode> = new Set(['QuotaExceeded', 'DiskFull', 'Unreachable', 'SessionEnded', 'TooManyWindows']);
const forgetEveryMs = 3_600_000;

/**
 * What is left to do once the queue lets a letter go: its copy moves from the waiting letters to Sent, its draft goes, the answered message is marked. Any
 * web process does it, for all mailboxes; doing it twice changes nothing, and not doing it in time delays no letter.
 */
async function settleReleased(): Promise<void> {
  for (const released of await readReleased(mostAtOnce)) {
    // One mailbox that cannot be reached keeps no other waiting: it is asked for again behind them.
    await settle(released).catch(async (error: unknown) => {
      complain(error);
      await noteUnsettled(released);
    });
  }
}

/** Whoever pressed "Send" has sent it: a web process that died over it is no reason to keep it. What cannot be sent is a draft again. */
async function resumeAbandoned(): Promise<void> {
  for (const { mailboxId, letter, press, releaseAt } of await readAbandoned(mostAtOnce)) {
    const mailbox = await mailboxOf(mailboxId);
    if (!mailbox) continue;
    await sendLetter(mailbox, letter, { at: releaseAt, press }).catch(async (error: unknown) => {
      complain(error);
      await saveDraft(mailbox, letter).catch(complain);
    });
  }
}

async function settle({ mailboxId, letterId, copy }: Awaited<ReturnType<typeof readReleased>>[number]): Promise<void> {
  const mailbox = await mailboxOf(mailboxId);
  const outgoing = mailbox && (await readOutgoing(mailbox, letterId));
  const letter = outgoing?.letter;
  const now = (await databaseTime()).getTime();
  // Whoever gave it may be about to keep the copy; where that process died, it is kept here.
  if (outgoing && copy === null && now - outgoing.changedAt.getTime() < concludingMs) return;
  // First: it would look as if the letter had not left, and takes the room of the copy.
  if (mailbox && letter) await discardDraft(mailbox, letter, letter.draft).catch(() => undefined);
  if (mailbox && letter && outgoing && copy === null) {
    const kept = buildLetter(mailbox, letter, 'send', outgoing.releaseAt).then((built) => keepCopy(mailbox, built, false));
    await kept.catch((error: unknown) => {
      // Where there was no room, or no way, there may be one later.
      const passes = !(error instanceof MailError) || mayPass.has(error.code);
      if (passes && now - outgoing.releaseAt.getTime() < copyingMs) throw error;
      complain(error, 'a letter has left, and no copy of it could be kept', { mailboxId, letterId });
    });
  }
  if (mailbox && copy && isScheduledFolder(copy.folder)) await moveToSent(mailbox, copy);
  if (mailbox && letter) await markSource(mailbox, letter).catch(() => undefined);
  if (mailbox) await removeUploadsOf(mailbox, { id: letterId }).catch(() => undefined);
  await noteReleased(mailboxId, letterId);
}

const complain = (error: unknown, msg = 'a letter that left is not settled yet', about: object = {}): void =>
  webLog().warn({ ...about, error: String(error) }, msg);

async function mailboxOf(id: number): Promise<MailboxIdentity | null> {
  const row = await database().mailbox.findUnique({ where: { id } });
  const address = row && parseEmailAddress(row.address);
  // Suspended: nobody signs in; the copy waits in its folder until somebody may.
  if (!row || !address || row.status !== 'active') return null;
  return {
    mailboxId: accountId(id),
    address,
    name: row.name,
    locale: row.locale,
    credentialVersion: row.credentialVersion,
    sessionId: null,
  };
}

/** Not there any more, or its folder is not: moved before, or deleted by its writer, which is no reason to bring it back. */
function moveToSent(mailbox: MailboxIdentity, copy: MessageReference): Promise<void> {
  return withImap(
    mailbox,
    async (imap) => {
      const sent = await specialFolder(imap, 'sent');
      if (sent === null) return;
      const move = inFolder(imap, copy.folder, () => imap.client.messageMove(String(copy.uid), sent, { uid: true }));
      await move.catch((error: unknown) => {
        if (!(error instanceof MailError) || error.code !== 'NotFound') throw error;
      });
    },
    { retry: false },
  );
}

/** Begins once in a web process. */
export function keepSettling(): void {
  if (!isFirstInProcess('webmail.settling')) return;
  let forgottenAt = 0;
  const round = async () => {
    await settleReleased();
    await resumeAbandoned();
    if (Date.now() - forgottenAt < forgetEveryMs) return;
    forgottenAt = Date.now();
    await forgetOldLetters();
  };
  const again = () => {
    setTimeout(() => {
      round().catch(complain).finally(again);
    }, everyMs).unref();
  };
  again();
}
