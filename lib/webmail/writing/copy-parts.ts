import { randomBytes } from 'node:crypto';
import type { CarriedPicture } from './carried-html.ts';
import { safeFileName } from '../files/attachments.ts';
import { openLetterFiles } from '../files/download-part.ts';
import { mailHost } from '../connection/mail-host.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { CopiedPart, SourceMessage } from './read-source.ts';
import type { MessageReference } from '../reading/mail-message.ts';
import type { StoredUpload } from './letter.ts';
import { mostUploads, removeUpload, storeUpload } from '../files/upload-store.ts';

/** Pictures that the text shows become parts of the new letter, by new names. */
export async function copyPictures(
  mailbox: MailboxIdentity,
  source: SourceMessage,
  reference: MessageReference,
  shown: ReadonlySet<string>,
): Promise<{ pictures: CarriedPicture[]; uploads: StoredUpload[] }> {
  const wanted = source.inline
    .filter(({ contentId }) => shown.has(contentId))
    .map((picture) => ({ ...picture, newContentId: `${randomBytes(12).toString('hex')}@${mailHost().name}` }));
  const uploads = await copyParts(
    mailbox,
    reference,
    wanted.map(({ part, name, type, newContentId }) => ({ part, name, type, contentId: newContentId })),
  );
  return { pictures: wanted, uploads };
}

/** A person waits for it: a stranger's letter may hold hundreds of files inside others, each of which has to be unpacked. */
const patienceMs = 8_000;

/**
 * The files of a letter for one that passes them on. Where they are more than a letter may have, or would be copied too long, the letter goes
 * along whole in their place: none of them is missing. What
 * was too long to be opened goes along whole besides.
 */
export async function copyFiles(
  mailbox: MailboxIdentity,
  source: SourceMessage,
  reference: MessageReference,
  files: readonly CopiedPart[],
): Promise<StoredUpload[]> {
  const whole = wholeMessage(source);
  const copied =
    files.length < mostUploads ? await copyWithin(mailbox, reference, source.cut ? [...files, whole] : files, patienceMs) : null;
  return copied ?? copyParts(mailbox, reference, [whole]);
}

export async function copyParts(
  mailbox: MailboxIdentity,
  reference: MessageReference,
  parts: readonly (CopiedPart & { contentId?: string })[],
): Promise<StoredUpload[]> {
  return (await copyWithin(mailbox, reference, parts.slice(0, mostUploads), Number.POSITIVE_INFINITY)) ?? [];
}

/** Null where it takes longer; then nothing is copied. */
async function copyWithin(
  mailbox: MailboxIdentity,
  reference: MessageReference,
  parts: readonly (CopiedPart & { contentId?: string })[],
  mostMs: number,
): Promise<StoredUpload[] | null> {
  if (parts.length === 0) return [];
  const uploads: StoredUpload[] = [];
  // nobody will ever hear of these: they would take the room of the next letter for days
  const forget = async (): Promise<void> => {
    for (const { id } of uploads) await removeUpload(mailbox, id);
  };
  const began = performance.now();
  const letter = await openLetterFiles(mailbox, reference);
  try {
    for (const { part, name, type, contentId } of parts) {
      if (performance.now() - began > mostMs) {
        await forget();
        return null;
      }
      const download = await letter.open(part);
      uploads.push(await storeUpload(mailbox, { name, type, content: download.read(), ...(contentId ? { contentId } : {}) }));
    }
  } catch (error) {
    await forget();
    throw error;
  } finally {
    letter.close();
  }
  return uploads;
}

/** The message itself, as a file of the new one. */
export const wholeMessage = ({ subject }: SourceMessage): CopiedPart => ({
  part: '',
  name: `${safeFileName(subject) || 'message'}.eml`,
  type: 'message/rfc822',
});
