import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MailError } from './mail-error.ts';
import { attachmentBytesThatFit, mailHost } from './mail-host.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { safeFileName } from './message-parts.ts';
import type { StoredUpload } from './types.ts';

/**
 * Files on their way into a letter: <data>/uploads/<mailbox>/<id> with <id>.json beside it. A file is complete once its .json exists.
 * Kept for three days; the draft on the mail server holds its own copy.
 */
const keepMs = 3 * 86_400_000;
const mostUploads = 200;
const idPattern = /^[a-f0-9]{32}$/;

const directoryOf = (mailbox: MailboxIdentity): string => path.join(mailHost().uploadDirectory, String(mailbox.mailboxId));

/** Streams a file into the store. Throws MailError TooLarge; then nothing of it is kept. */
export async function storeUpload(
  mailbox: MailboxIdentity,
  file: { name: string; type: string; content: Readable; contentId?: string },
): Promise<StoredUpload> {
  const directory = directoryOf(mailbox);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await sweep(directory);
  const id = randomBytes(16).toString('hex');
  const target = path.join(directory, id);
  const limitBytes = attachmentBytesThatFit(mailHost().messageBytes);
  let sizeBytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      done(sizeBytes > limitBytes ? new MailError('TooLarge', file.name) : null, chunk);
    },
  });
  try {
    await pipeline(file.content, counter, createWriteStream(target, { mode: 0o600 }));
    const upload: StoredUpload = {
      id,
      name: safeFileName(file.name) || 'datei',
      type: safeType(file.type),
      sizeBytes,
      contentId: file.contentId,
    };
    await writeFile(`${target}.part`, JSON.stringify(upload), { mode: 0o600 });
    await rename(`${target}.part`, `${target}.json`);
    return upload;
  } catch (error) {
    await Promise.all([rm(target, { force: true }), rm(`${target}.part`, { force: true })]);
    throw error;
  }
}

const safeType = (type: string): string => (/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/i.test(type) ? type.toLowerCase() : 'application/octet-stream');

export interface OpenedUpload extends StoredUpload {
  path: string;
}

/** The uploads of these ids, in order. Throws MailError UploadGone with the name the page knows it by. */
export function openUploads(mailbox: MailboxIdentity, wanted: readonly { id: string; name: string }[]): Promise<OpenedUpload[]> {
  return Promise.all(
    wanted.map(async ({ id, name }) => {
      if (!idPattern.test(id)) throw new MailError('UploadGone', name);
      const file = path.join(directoryOf(mailbox), id);
      const description = await readFile(`${file}.json`, 'utf8').catch(() => null);
      if (description === null) throw new MailError('UploadGone', name);
      return { ...(JSON.parse(description) as StoredUpload), path: file };
    }),
  );
}

export const readUpload = (upload: OpenedUpload): Readable => createReadStream(upload.path);

export async function removeUpload(mailbox: MailboxIdentity, id: string): Promise<void> {
  if (!idPattern.test(id)) return;
  const file = path.join(directoryOf(mailbox), id);
  await Promise.all([rm(`${file}.json`, { force: true }), rm(file, { force: true })]);
}

async function sweep(directory: string): Promise<void> {
  const names = await readdir(directory);
  const before = Date.now() - keepMs;
  let kept = 0;
  for (const name of names) {
    const file = path.join(directory, name);
    const age = await stat(file).catch(() => null);
    if (age && age.mtimeMs < before) await rm(file, { force: true });
    else if (name.endsWith('.json')) kept += 1;
  }
  if (kept >= mostUploads) throw new MailError('TooLarge', String(mostUploads));
}
