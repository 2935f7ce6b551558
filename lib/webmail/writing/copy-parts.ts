import { randomBytes } from 'node:crypto';
import { carriedHtml, type CarriedPicture, contentIdsIn } from './carried-html.ts';
import { safeFileName } from '../files/attachments.ts';
import { openLetterFiles } from '../files/download-part.ts';
import { mailHost } from '../connection/mail-host.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { CopiedPart, SourceMessage, SourcePicture } from './read-source.ts';
import type { MessageReference } from '../reading/mail-message.ts';
import { mostUploads, type StoredUpload } from './letter.ts';
import { removeUpload, storeUpload } from '../files/upload-store.ts';

/** A person waits for it: a stranger's letter may hold hundreds of files inside others, each of which has to be unpacked. */
const patienceMs = 6_000;

/** HTML as a letter that is written here carries it, and the pictures that it shows. */
export interface Carried {
  html: string;
  /** it goes on where this ends */
  cut: boolean;
  uploads: StoredUpload[];
  /** pictures of the letter that it does not show: files, where it is passed on */
  left: SourcePicture[];
}

/**
 * Pictures that the text shows become parts of the new letter, by new names: as many as a letter may have and are copied in time. Which these
 * are is seen in the HTML that was made.
 */
export async function carryWithPictures(
  mailbox: MailboxIdentity,
  { html: given, pictures }: Pick<SourceMessage, 'html' | 'pictures'>,
  reference: MessageReference,
  ours = false,
): Promise<Carried> {
  const named = pictures.map((picture) => ({ ...picture, newContentId: `${randomBytes(12).toString('hex')}@${mailHost().name}` }));
  const carry = (known: readonly CarriedPicture[]) => carriedHtml(mailbox.mailboxId, given, known, ours);
  const first = await carry(named);
  const shown = contentIdsIn(first.html);
  const wanted = named.filter(({ newContentId }) => shown.has(newContentId));
  const parts = wanted.map(({ part, name, type, newContentId }) => ({ part, name, type, contentId: newContentId }));
  const uploads = await copyInTime(mailbox, reference, parts.slice(0, mostPictures), patienceMs);
  const copied = wanted.slice(0, uploads.length);
  const left = pictures.filter(({ part }) => !copied.some((picture) => picture.part === part));
  return { ...(copied.length < wanted.length ? await carry(copied) : first), uploads, left };
}

/** One place is the letter's own, should it have to go along whole. */
const mostPictures = mostUploads - 1;

/**
 * The files of a letter for one that passes them on, beside `taken` others. Where they are more than a letter may have, or would be copied
 * too long, the letter goes along whole in their place: none of them is missing. It goes along besides where it was too long to be opened.
 */
export async function copyFiles(
  mailbox: MailboxIdentity,
  source: SourceMessage,
  reference: MessageReference,
  { files, taken }: { files: readonly CopiedPart[]; taken: number },
): Promise<StoredUpload[]> {
  const parts = source.cut ? [...files, wholeMessage(source)] : files;
  if (taken + parts.length > mostUploads) return copyWhole(mailbox, source, reference);
  const uploads = await copyInTime(mailbox, reference, parts, patienceMs);
  if (uploads.length === parts.length) return uploads;
  await forget(mailbox, uploads);
  return copyWhole(mailbox, source, reference);
}

/** The message itself, as a file of the new one. */
export const copyWhole = (mailbox: MailboxIdentity, source: SourceMessage, reference: MessageReference): Promise<StoredUpload[]> =>
  copyInTime(mailbox, reference, [wholeMessage(source)], Number.POSITIVE_INFINITY);

/** The first of these parts: those for which there is time. All or none where one cannot be copied. */
async function copyInTime(
  mailbox: MailboxIdentity,
  reference: MessageReference,
  parts: readonly (CopiedPart & { contentId?: string })[],
  mostMs: number,
): Promise<StoredUpload[]> {
  if (parts.length === 0) return [];
  const uploads: StoredUpload[] = [];
  const began = performance.now();
  const letter = await openLetterFiles(mailbox, reference);
  try {
    for (const { part, name, type, contentId } of parts) {
      if (performance.now() - began > mostMs) break;
      const download = await letter.open(part);
      uploads.push(await storeUpload(mailbox, { name, type, content: download.read(), ...(contentId ? { contentId } : {}) }));
    }
  } catch (error) {
    await forget(mailbox, uploads);
    throw error;
  } finally {
    letter.close();
  }
  return uploads;
}

/** Nobody will ever hear of these: they would take the room of the next letter for days. */
async function forget(mailbox: MailboxIdentity, uploads: readonly StoredUpload[]): Promise<void> {
  for (const { id } of uploads) await removeUpload(mailbox, id);
}

const wholeMessage = ({ subject }: SourceMessage): CopiedPart => ({
  part: '',
  name: `${safeFileName(subject) || 'message'}.eml`,
  type: 'message/rfc822',
});
