import { randomUUID } from 'node:crypto';
import { buildLetter, messageIdOf, writerField } from './build-letter.ts';
import { inFolder, withImap, type ImapWork } from '../connection/imap-pool.ts';
import { specialFolder } from '../folders/list-folders.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { readOutgoing } from '../sending/outgoing-letters.ts';
import type { DraftSaved, Letter } from './letter.ts';
import type { MessageReference } from '../reading/mail-message.ts';
import { uidSet } from '../connection/uid-set.ts';
import { keepUploadsWith } from '../files/upload-store.ts';

/**
 * Keeps a letter in Drafts: the new version is appended first, then the old one is removed, so that at no moment there is none. If the
 * version that this page wrote last is gone, somebody else has written at the draft, or thrown it away: then nothing is removed, this
 * version becomes a draft of its own, and the page is told. A version that lies there instead and is of the same window is no such change:
 * the answer to its save was lost. One that the window gave later stays, and this one goes: it was held up on its way. Throws MailError UploadGone, TooLarge, QuotaExceeded, Unreachable; AlreadySent: a draft of it would
 * look as if it had not left.
 */
export async function saveDraft(mailbox: MailboxIdentity, letter: Letter): Promise<DraftSaved> {
  if (await isOvertaken(mailbox, letter)) throw new MailError('AlreadySent');
  const built = await buildLetter(mailbox, letter, 'draft');
  await keepUploadsWith(mailbox, letter);
  return withImap(
    mailbox,
    async (imap) => {
      const folder = await specialFolder(imap, 'drafts');
      if (folder === null) throw new MailError('NotFound', 'Drafts');
      const lost = letter.draft !== null && letter.draft.folder === folder && !(await lies(imap, letter.draft));
      const conflict = lost && !(await isOfSameWindow(imap, folder, built.messageId, letter.writer));
      const id = conflict ? randomUUID() : letter.id;
      const { bytes, messageId } = conflict ? await buildLetter(mailbox, { ...letter, id }, 'draft') : built;
      const appended = await imap.client.append(folder, bytes, ['\\Draft', '\\Seen']);
      const uid = appended === false ? undefined : appended.uid;
      if (uid === undefined) throw new MailError('Refused');
      const dropThis = () => inFolder(imap, folder, () => imap.client.messageDelete(String(uid), { uid: true }));
      if (await isOvertaken(mailbox, letter)) {
        // It was sent while this was written, and may be a newer draft again by now: only this version goes, for that one may lie before it.
        await dropThis();
        throw new MailError('AlreadySent');
      }
      const savedAt = new Date().toISOString();
      const later = await givenLater(imap, folder, messageId, letter);
      if (later !== null) {
        await dropThis();
        return { id, draft: { folder, uid: later }, savedAt, conflict };
      }
      if (!conflict) await removeOtherVersions(imap, folder, messageId, uid, letter.draft);
      return { id, draft: { folder, uid }, savedAt, conflict };
    },
    { retry: false },
  );
}

const lies = (imap: ImapWork, { folder, uid }: MessageReference): Promise<boolean> =>
  inFolder(imap, folder, async () => {
    const found = (await imap.client.search({ uid: String(uid), deleted: false }, { uid: true })) || [];
    return found.includes(uid);
  });

/** On its way, or out; or taken back, and this is what its window had saved before it was sent: it came late. */
async function isOvertaken(mailbox: MailboxIdentity, { id, writer, givenAt }: Letter): Promise<boolean> {
  const outgoing = await readOutgoing(mailbox, id);
  if (outgoing === null) return false;
  const { state, letter: given } = outgoing;
  if (state === 'submitting' || state === 'held' || state === 'sent') return true;
  return writer !== undefined && given?.writer === writer && (givenAt ?? Number.POSITIVE_INFINITY) < (given.givenAt ?? 0);
}

/** Whether the newest version of the draft was written by this window. */
async function isOfSameWindow(imap: ImapWork, folder: string, messageId: string, writer: string | undefined): Promise<boolean> {
  return (await inFolder(imap, folder, () => ofWindow(imap, messageId, writer))).length > 0;
}

async function ofWindow(imap: ImapWork, messageId: string, writer: string | undefined): Promise<number[]> {
  if (writer === undefined) return [];
  const header = { 'message-id': messageId, [writerField]: writer };
  return (await imap.client.search({ header, deleted: false }, { uid: true })) || [];
}

/** The version that this window gave after this one, if such a one lies there. */
function givenLater(imap: ImapWork, folder: string, messageId: string, { writer, givenAt }: Letter): Promise<number | null> {
  if (givenAt === undefined) return Promise.resolve(null);
  return inFolder(imap, folder, async () => {
    const uids = await ofWindow(imap, messageId, writer);
    if (uids.length < 2) return null;
    let later: number | null = null;
    for await (const { uid, headers } of imap.client.fetch(uidSet(uids), { uid: true, headers: [writerField] }, { uid: true }))
      if (Number(/ (\d+)\s*$/.exec(headers?.toString() ?? '')?.[1] ?? 0) > givenAt) later = uid;
    return later;
  });
}

/** Removes older versions of a draft: the one the page knows, and any left by a save whose answer never arrived. */
async function removeOtherVersions(
  imap: ImapWork,
  folder: string,
  messageId: string,
  keep: number | null,
  known: MessageReference | null,
): Promise<void> {
  await inFolder(imap, folder, async () => {
    const same = (await imap.client.search({ header: { 'message-id': messageId } }, { uid: true })) || [];
    // Only older ones: of two saves at once the later stays, and never none.
    const old = new Set(same.filter((uid) => keep === null || uid < keep));
    if (known && known.folder === folder && known.uid !== keep) old.add(known.uid);
    if (old.size > 0) await imap.client.messageDelete(uidSet(old), { uid: true });
  });
}

/** Throws a draft away, with every version of it. */
export function discardDraft(mailbox: MailboxIdentity, letter: { id: string }, known: MessageReference | null): Promise<void> {
  return withImap(
    mailbox,
    async (imap) => {
      const folder = await specialFolder(imap, 'drafts');
      if (folder !== null) await removeOtherVersions(imap, folder, messageIdOf(letter), null, known);
    },
    { retry: true },
  );
}
