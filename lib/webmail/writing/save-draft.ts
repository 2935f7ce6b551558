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
 * the answer to its save was lost. One that the window gave later stays, and this one goes: it was held up on its way. Throws MailError
 * UploadGone, TooLarge, QuotaExceeded, Unreachable; AlreadySent: a draft of it would look as if it had not left.
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
      const conflict = await isOfAnother(imap, folder, built.messageId, letter);
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
      const versions = letter.givenAt === undefined ? [] : await versionsOf(imap, folder, messageId, uid);
      const ofWindow = versions.filter(({ writer }) => writer === letter.writer);
      // what it gave at the same moment is the same
      const there = ofWindow.find((version) => isLater(version, letter)) ?? ofWindow.find(({ givenAt }) => givenAt === letter.givenAt);
      if (there) {
        await dropThis();
        const saved = { id, draft: { folder, uid: there.uid }, savedAt, conflict };
        return isLater(there, letter) ? { ...saved, overtaken: true } : saved;
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

interface Version {
  uid: number;
  writer: string;
  givenAt: number;
}

/** What lies there of the draft, but `own`: by which window it was written, and when that gave it. */
function versionsOf(imap: ImapWork, folder: string, messageId: string, own = 0): Promise<Version[]> {
  return inFolder(imap, folder, async () => {
    const found = (await imap.client.search({ header: { 'message-id': messageId }, deleted: false }, { uid: true })) || [];
    const uids = found.filter((uid) => uid !== own);
    if (uids.length === 0) return [];
    const versions: Version[] = [];
    for await (const { uid, headers } of imap.client.fetch(uidSet(uids), { uid: true, headers: [writerField] }, { uid: true })) {
      const [, writer = '', givenAt = 0] = /:\s*(\S+)(?:\s+(\d+))?/.exec(headers?.toString() ?? '') ?? [];
      versions.push({ uid, writer, givenAt: Number(givenAt) });
    }
    return versions;
  });
}

const isLater = ({ givenAt }: Version, letter: Letter): boolean => letter.givenAt !== undefined && givenAt > letter.givenAt;

/**
 * Whether what lies there is another's: the version that the page wrote last is gone, or there is one of which it knew nothing yet and which
 * was given later, as where the page was loaded anew while its first save was held up.
 */
async function isOfAnother(imap: ImapWork, folder: string, messageId: string, letter: Letter): Promise<boolean> {
  const lost = letter.draft !== null && letter.draft.folder === folder && !(await lies(imap, letter.draft));
  if (!lost && letter.draft !== null) return false;
  const versions = await versionsOf(imap, folder, messageId);
  return !versions.some(({ writer }) => writer === letter.writer) && (lost || versions.some((version) => isLater(version, letter)));
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
