import { randomUUID } from 'node:crypto';
import { buildLetter, messageIdOf } from './build-letter.ts';
import { inFolder, withImap, type ImapWork } from './imap-pool.ts';
import { specialFolder } from './list-folders.ts';
import { MailError } from './mail-error.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import type { DraftSaved, Letter, MessageReference } from './types.ts';
import { uidSet } from './uid-set.ts';
import { keepUploadsWith } from './upload-store.ts';

/**
 * Keeps a letter in Drafts: the new version is appended first, then the old one is removed, so that at no moment there is none. If the
 * version that this page wrote last is gone, somebody else has written at the draft, or thrown it away: then nothing is removed, this
 * version becomes a draft of its own, and the page is told. Throws MailError UploadGone, TooLarge, QuotaExceeded, Unreachable.
 */
export async function saveDraft(mailbox: MailboxIdentity, letter: Letter): Promise<DraftSaved> {
  const built = await buildLetter(mailbox, letter, 'draft');
  await keepUploadsWith(mailbox, letter);
  return withImap(
    mailbox,
    async (imap) => {
      const folder = await specialFolder(imap, 'drafts');
      if (folder === null) throw new MailError('NotFound', 'Drafts');
      const conflict = letter.draft !== null && letter.draft.folder === folder && !(await lies(imap, letter.draft));
      const id = conflict ? randomUUID() : letter.id;
      const { bytes, messageId } = conflict ? await buildLetter(mailbox, { ...letter, id }, 'draft') : built;
      const appended = await imap.client.append(folder, bytes, ['\\Draft', '\\Seen']);
      const uid = appended === false ? undefined : appended.uid;
      if (uid === undefined) throw new MailError('Refused');
      if (!conflict) await removeOtherVersions(imap, folder, messageId, uid, letter.draft);
      return { id, draft: { folder, uid }, savedAt: new Date().toISOString(), conflict };
    },
    { retry: false },
  );
}

const lies = (imap: ImapWork, { folder, uid }: MessageReference): Promise<boolean> =>
  inFolder(imap, folder, async () => {
    const found = (await imap.client.search({ uid: String(uid), deleted: false }, { uid: true })) || [];
    return found.includes(uid);
  });

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
    const old = new Set(same.filter((uid) => uid !== keep));
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
