import type { Readable } from 'node:stream';
import { asMailError, connectImap } from './connect-imap.ts';
import { MailError } from './mail-error.ts';
import { mailHost } from './mail-host.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { displayParts, findPart, safeFileName } from './message-parts.ts';
import { placesFor } from './places.ts';
import type { MessageReference } from './types.ts';

export interface Download {
  name: string;
  type: string;
  content: Readable;
}

const downloads = placesFor('downloads');

/**
 * One part of a message, decoded, as a stream (FETCH in chunks of 256 KiB); part '' is the whole message as it is stored. On a connection
 * of its own, so that a large file does not hold up reading; closed when the stream ends or is given up. Throws MailError NotFound,
 * TooManyWindows.
 */
export async function downloadPart(mailbox: MailboxIdentity, reference: MessageReference, part: string): Promise<Download> {
  const leave = downloads.take(mailbox.mailboxId, mailHost().perMailbox.downloads);
  if (!leave) throw new MailError('TooManyWindows', String(mailHost().perMailbox.downloads));
  const client = await connectImap(mailbox, 'download').catch((error: unknown) => {
    leave();
    throw error;
  });
  client.once('close', leave);
  try {
    await client.mailboxOpen(reference.folder, { readOnly: true });
    const range = String(reference.uid);
    const row = await client.fetchOne(range, { uid: true, bodyStructure: true, envelope: true }, { uid: true });
    if (row === false || !row.bodyStructure) throw new MailError('NotFound');
    const node = part === '' ? null : findPart(row.bodyStructure, part);
    if (part !== '' && !node) throw new MailError('NotFound', part);
    const found = await client.download(range, part === '' ? undefined : part, { uid: true, chunkSize: 262_144, decodeText: false });
    if (!found.content) throw new MailError('NotFound', part);
    found.content.once('close', () => client.close());
    const attachment = displayParts(row.bodyStructure).attachments.find((one) => one.part === part);
    return {
      name: part === '' ? `${safeFileName(row.envelope?.subject ?? '') || 'message'}.eml` : (attachment?.name ?? `part-${part}`),
      type: part === '' ? 'message/rfc822' : (node?.type.toLowerCase() ?? 'application/octet-stream'),
      content: found.content,
    };
  } catch (error) {
    client.close();
    const failure = asMailError(error);
    throw failure instanceof MailError && failure.code === 'Refused' ? new MailError('NotFound', reference.folder, error) : failure;
  }
}
