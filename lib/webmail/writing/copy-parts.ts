import { randomBytes } from 'node:crypto';
import type { CarriedPicture } from './carried-html.ts';
import { safeFileName } from '../files/attachments.ts';
import { downloadPart } from '../files/download-part.ts';
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

export async function copyParts(
  mailbox: MailboxIdentity,
  reference: MessageReference,
  parts: readonly (CopiedPart & { contentId?: string })[],
): Promise<StoredUpload[]> {
  const uploads: StoredUpload[] = [];
  try {
    for (const { part, name, type, contentId } of parts.slice(0, mostUploads)) {
      const download = await downloadPart(mailbox, reference, part);
      uploads.push(await storeUpload(mailbox, { name, type, content: download.read(), ...(contentId ? { contentId } : {}) }));
    }
  } catch (error) {
    // nobody will ever hear of these: they would take the room of the next letter for days
    for (const { id } of uploads) await removeUpload(mailbox, id);
    throw error;
  }
  return uploads;
}

/** The message itself, as a file of the new one. */
export const wholeMessage = ({ subject }: SourceMessage): CopiedPart => ({
  part: '',
  name: `${safeFileName(subject) || 'message'}.eml`,
  type: 'message/rfc822',
});
