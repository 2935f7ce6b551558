import { Readable } from 'node:stream';
import { viewLimits } from '../config/view-limits.ts';
import { findLetterPart } from '../mime/letter-part.ts';
import { parameter } from '../mime/parse-content-type.ts';
import { holderOf, safeFileName, toAttachment } from './attachments.ts';
import { asMailError, connectImap } from './connect-imap.ts';
import { fetchLetter, fetchParts } from './fetch-letter.ts';
import { MailError } from './mail-error.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import type { MessageReference } from './types.ts';
import { runView } from './view-pool.ts';

export interface Download {
  name: string;
  type: string;
  /** of text, as its sender named it; empty if not */
  charset: string;
  content: Readable;
}

/**
 * One part of a message, decoded, as a stream (FETCH in chunks of 256 KiB); part '' is the whole message as it is stored; "2/1" is part 1 of
 * the letter, or file 1 of winmail.dat, that part 2 is. On a connection of its own, so that a large file does not hold up reading; closed
 * when the stream ends or is given up. Throws MailError NotFound, TooLarge.
 */
export async function downloadPart(mailbox: MailboxIdentity, reference: MessageReference, part: string): Promise<Download> {
  const client = await connectImap(mailbox, 'download');
  try {
    await client.mailboxOpen(reference.folder, { readOnly: true });
    const letter = await fetchLetter(client, reference.uid);
    const [section = '', ...path] = part.split('/');
    const described = section === '' ? null : findLetterPart(letter.root, section);
    if (section !== '' && !described) throw new MailError('NotFound', part);
    // imapflow knows no uuencode
    if (described && (path.length > 0 || described.encoding === 'x-uuencode')) {
      const file = await fileInside(client, mailbox, reference.uid, described, path);
      client.close();
      return file;
    }
    const range = String(reference.uid);
    const found = await client.download(range, section === '' ? undefined : section, { uid: true, chunkSize: 262_144, decodeText: false });
    if (!found.content) throw new MailError('NotFound', part);
    found.content.once('close', () => client.close());
    const named = described ? toAttachment(described, '', Number(/\d+$/.exec(section)?.[0] ?? 1)) : null;
    return {
      name: named?.name ?? `${safeFileName(letter.envelope.subject) || 'message'}.eml`,
      type: named?.type ?? 'message/rfc822',
      charset: charsetOf(described),
      content: found.content,
    };
  } catch (error) {
    client.close();
    const failure = asMailError(error);
    throw failure instanceof MailError && failure.code === 'Refused' ? new MailError('NotFound', reference.folder, error) : failure;
  }
}

const charsetOf = (part: Described | null): string => (part ? (parameter(part.parameters, 'charset') ?? '') : '');

type Client = Awaited<ReturnType<typeof connectImap>>;
type Described = NonNullable<ReturnType<typeof findLetterPart>>;

async function fileInside(client: Client, mailbox: MailboxIdentity, uid: number, container: Described, path: string[]): Promise<Download> {
  if (container.sizeBytes > viewLimits.containerBytes) throw new MailError('TooLarge');
  const [brought] = await fetchParts(client, uid, [{ section: container.section, most: container.sizeBytes + 1 }]);
  if (!brought) throw new MailError('NotFound');
  const { bytes } = brought;
  const task = { kind: 'file' as const, container: bytes, encoding: container.encoding, holds: holderOf(container), path };
  const file = (await runView(task, mailbox.mailboxId))?.result;
  if (!file || !('bytes' in file)) throw new MailError('NotFound', path.join('/'));
  const named = path.length === 0 ? toAttachment(container, '', 1) : file;
  return { name: safeFileName(named.name) || 'part', type: named.type, charset: '', content: Readable.from([Buffer.from(file.bytes)]) };
}
