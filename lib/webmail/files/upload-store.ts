import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { watchSession } from '../../auth/web-session/watch-session.ts';
import { freeBytes } from '../../config/free-space.ts';
import { database } from '../../db/prisma.ts';
import { JoinedBytes } from '../../mime/joined-bytes.ts';
import { MailError } from '../connection/mail-error.ts';
import { attachmentBytesThatFit, mailHost } from '../connection/mail-host.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { safeFileName } from './attachments.ts';
import { takePlace } from '../places.ts';
import type { StoredUpload } from '../writing/letter.ts';

/**
 * Files on their way into a letter, in pieces in the table upload_chunk: every web process sees them, they count against the quota, they go
 * with the letter or the mailbox, and what nobody finished is forgotten after three days (the draft on the mail server holds its own copy).
 */
/** Of a mailbox: what was opened and left again lies beside them for a while. */
const mostOfMailbox = 2000;
/** A letter is saved as a draft two seconds after a change: what belongs to none after this was left, and gives way. */
const leftAfterMs = 600_000;
const chunkBytes = 1_048_576;
const idPattern = /^[a-f0-9]{32}$/;

/**
 * Streams a file into the store, as long as the session lasts that it was begun in. Throws MailError TooLarge, QuotaExceeded, DiskFull, TooManyWindows,
 * SessionEnded; then nothing of it is kept.
 */
export async function storeUpload(
  mailbox: MailboxIdentity,
  file: { name: string; type: string; content: Readable; contentId?: string },
): Promise<StoredUpload> {
  // whoever reads it hears what goes wrong; until then, and where it is refused, nobody would, and an error that nobody hears is one of the whole process
  file.content.on('error', () => undefined);
  const { mailboxId, sessionId } = mailbox;
  const { downloads } = mailHost().perMailbox;
  const leave = takePlace('uploads', mailboxId, downloads);
  if (!leave) throw new MailError('TooManyWindows', String(downloads));
  const end = (): void => void file.content.destroy(new MailError('SessionEnded'));
  const unwatch = sessionId === null ? () => {} : watchSession(sessionId, end);
  return keepFile(mailboxId, file).finally(() => {
    unwatch();
    leave();
  });
}

async function keepFile(
  mailboxId: number,
  file: { name: string; type: string; content: Readable; contentId?: string },
): Promise<StoredUpload> {
  await makeRoom(mailboxId);
  const id = randomBytes(16).toString('hex');
  const name = safeFileName(file.name) || 'datei';
  const type = safeType(file.type);
  await database().upload.create({ data: { id, mailboxId, name, type, contentId: file.contentId ?? null } });
  try {
    const sizeBytes = await storeContent(mailboxId, id, file);
    const { count } = await database().upload.updateMany({ where: { id, mailboxId, complete: false }, data: { complete: true } });
    if (count !== 1) throw new MailError('UploadGone', name);
    return { id, name, type, sizeBytes, contentId: file.contentId };
  } catch (error) {
    await database().upload.deleteMany({ where: { id, mailboxId } });
    throw error;
  }
}

/** Each answer and each forward that is looked at and closed leaves files behind; a stranger's letter may bring a hundred. */
async function makeRoom(mailboxId: number): Promise<void> {
  const surplus = (await database().upload.count({ where: { mailboxId } })) - mostOfMailbox + 1;
  if (surplus <= 0) return;
  const left = await database().upload.findMany({
    where: { mailboxId, letterId: null, createdAt: { lt: new Date(Date.now() - leftAfterMs) } },
    orderBy: { createdAt: 'asc' },
    take: surplus,
    select: { id: true },
  });
  if (left.length < surplus) throw new MailError('TooLarge', String(mostOfMailbox));
  await database().upload.deleteMany({ where: { mailboxId, letterId: null, id: { in: left.map(({ id }) => id) } } });
}

async function storeContent(mailboxId: number, id: string, { name, content }: { name: string; content: Readable }): Promise<number> {
  const limitBytes = attachmentBytesThatFit(mailHost().messageBytes);
  let position = 0;
  let sizeBytes = 0;
  const waiting = new JoinedBytes();
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const bytes = new Uint8Array(waiting.take());
    const { directory, floor } = mailHost().disk;
    if (((await freeBytes(directory)) ?? floor) < floor) throw new MailError('DiskFull');
    const [row] = await database().$queryRaw<{ result: string }[]>`
      select add_upload_chunk(${mailboxId}, ${id}, ${position}::int, ${bytes}) as result`;
    position += 1;
    if (row?.result === 'full') throw new MailError('QuotaExceeded');
    if (row?.result !== 'added') throw new MailError('UploadGone', name);
  };
  let refused: unknown = null;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    // a browser hears no answer while it is still sending: what is refused is read to its end, within reason, and thrown away
    if (sizeBytes > 4 * limitBytes) throw new MailError('TooLarge', name);
    if (refused || sizeBytes > limitBytes) continue;
    waiting.push(chunk);
    if (waiting.length < chunkBytes) continue;
    await flush().catch((error: unknown) => {
      refused = error;
    });
  }
  if (sizeBytes > limitBytes) throw new MailError('TooLarge', name);
  if (refused) throw refused;
  await flush();
  return sizeBytes;
}

const safeType = (type: string): string => (/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/i.test(type) ? type.toLowerCase() : 'application/octet-stream');

/** The uploads of these ids, in order. Throws MailError UploadGone with the name the page knows it by. */
export async function openUploads(mailbox: MailboxIdentity, wanted: readonly { id: string; name: string }[]): Promise<StoredUpload[]> {
  if (wanted.length === 0) return [];
  const ids = wanted.map(({ id }) => id).filter((id) => idPattern.test(id));
  const rows = await database().upload.findMany({ where: { id: { in: ids }, mailboxId: mailbox.mailboxId, complete: true } });
  const found = new Map(rows.map((row) => [row.id, row]));
  return wanted.map(({ id, name }) => {
    const row = found.get(id);
    if (!row) throw new MailError('UploadGone', name);
    return { id, name: row.name, type: row.type, sizeBytes: row.sizeBytes, contentId: row.contentId ?? undefined };
  });
}

/** The content of an upload that openUploads gave, a piece at a time. */
export const readUpload = ({ id }: StoredUpload): Readable => Readable.from(piecesOf(id));

async function* piecesOf(uploadId: string): AsyncGenerator<Buffer> {
  for (let position = 0; ; position += 1) {
    const piece = await database().uploadChunk.findUnique({ where: { uploadId_position: { uploadId, position } } });
    if (!piece) return;
    yield Buffer.from(piece.bytes);
  }
}

/** Notes which letter these belong to, so that they go when it is thrown away. */
export async function keepUploadsWith(mailbox: MailboxIdentity, letter: { id: string; uploads: readonly { id: string }[] }): Promise<void> {
  if (letter.uploads.length === 0) return;
  const ids = letter.uploads.map(({ id }) => id);
  await database().upload.updateMany({ where: { id: { in: ids }, mailboxId: mailbox.mailboxId }, data: { letterId: letter.id } });
}

/** The letter was sent or thrown away: its files go. */
export async function removeUploadsOf(
  mailbox: MailboxIdentity,
  letter: { id: string; uploads?: readonly { id: string }[] },
): Promise<void> {
  const ids = (letter.uploads ?? []).map(({ id }) => id);
  await database().upload.deleteMany({ where: { mailboxId: mailbox.mailboxId, OR: [{ letterId: letter.id }, { id: { in: ids } }] } });
}

export async function removeUpload(mailbox: MailboxIdentity, id: string): Promise<void> {
  if (idPattern.test(id)) await database().upload.deleteMany({ where: { id, mailboxId: mailbox.mailboxId } });
}
