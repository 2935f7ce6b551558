import { Readable } from 'node:stream';
import { viewLimits } from '../../config/view-limits.ts';
import { BoundedMap } from '../../workers/bounded-map.ts';
import { between } from '../../mime/between.ts';
import { decodeChunks } from '../../mime/decode-chunks.ts';
import { findLetterPart } from '../../mime/letter-part.ts';
import { parameter } from '../../mime/parse-content-type.ts';
import { holderOf, safeFileName, toAttachment } from './attachments.ts';
import type { ByteRange } from './byte-range.ts';
import { asMailError, connectImap } from '../connection/connect-imap.ts';
import { fetchLetter, fetchParts } from '../reading/fetch-letter.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { MessageReference } from '../reading/mail-message.ts';
import { runView } from '../view/view-pool.ts';

export interface Download {
  name: string;
  type: string;
  /** of text, as its sender named it; empty if not */
  charset: string;
  /** the same for the same bytes, another for others: a message never changes, and its UID is never given again */
  etag: string;
  /** Decoded octets. The first time somebody asks, the part is read once for it. */
  size(): Promise<number>;
  /** All of it, or the octets of a range. Once. */
  read(range?: ByteRange | null): Readable;
  /** where nothing is read after all */
  close(): void;
}

/** Parts of one message, one after the other on one connection. */
export interface LetterFiles {
  /** what the letter is called among files: its subject */
  name: string;
  /** Part '' is the whole message as it is stored; "2/1" is part 1 of the letter, or file 1 of winmail.dat, that part 2 is. Throws MailError NotFound, TooLarge. */
  open(part: string): Promise<Download>;
  close(): void;
}

/**
 * Opens a message to read its parts, decoded, as streams (FETCH in chunks of 256 KiB). On a connection of its own, so that a large file does not
 * hold up reading. The caller closes it. Throws MailError NotFound.
 */
export async function openLetterFiles(mailbox: MailboxIdentity, reference: MessageReference): Promise<LetterFiles> {
  const client = await connectImap(mailbox, 'download');
  try {
    const { uidValidity } = await client.mailboxOpen(reference.folder, { readOnly: true });
    const letter = await fetchLetter(client, reference.uid);
    const name = safeFileName(letter.envelope.subject) || 'message';
    const opened: OpenedMessage = { name, client, mailbox, reference, letter, uidValidity, container: null };
    return { name, open: (part) => openFile(opened, part).catch(asNotFound(reference)), close: () => client.close() };
  } catch (error) {
    client.close();
    return asNotFound(reference)(error);
  }
}

const asNotFound =
  ({ folder }: MessageReference) =>
  (error: unknown): never => {
    const failure = asMailError(error);
    throw failure instanceof MailError && failure.code === 'Refused' ? new MailError('NotFound', folder, error) : failure;
  };

/** One part of a message; its connection is closed when the stream ends or is given up. Throws MailError NotFound, TooLarge. */
export async function downloadPart(mailbox: MailboxIdentity, reference: MessageReference, part: string): Promise<Download> {
  const files = await openLetterFiles(mailbox, reference);
  try {
    const file = await files.open(part);
    return {
      ...file,
      read: (range) => {
        const content = file.read(range);
        content.once('close', () => files.close());
        return content;
      },
      close: () => files.close(),
    };
  } catch (error) {
    files.close();
    throw error;
  }
}

interface OpenedMessage {
  name: string;
  client: Client;
  mailbox: MailboxIdentity;
  reference: MessageReference;
  letter: Awaited<ReturnType<typeof fetchLetter>>;
  uidValidity: bigint | number;
  /** the part that was read last for a file inside it: the next one is often beside that */
  container: { section: string; bytes: Uint8Array } | null;
}

async function openFile(opened: OpenedMessage, part: string): Promise<Download> {
  const { client, mailbox, reference, letter, uidValidity } = opened;
  const [section = '', ...path] = part.split('/');
  const described = section === '' ? null : findLetterPart(letter.root, section);
  if (section !== '' && !described) throw new MailError('NotFound', part);
  const etag = `"${uidValidity}.${reference.uid}.${part.replaceAll('/', '-')}"`;
  if (described && (path.length > 0 || described.encoding === 'x-uuencode'))
    return { ...(await fileInside(opened, described, path)), etag };
  const named = described ? toAttachment(described, '') : null;
  const encoding = described && described.children.length === 0 ? described.encoding : 'binary';
  const source = (from: number) => decodeChunks(rawChunks(client, reference.uid, section, from), encoding);
  const plain = encoding !== 'base64' && encoding !== 'quoted-printable';
  const piece = ({ first, last }: ByteRange) => (plain ? between(source(first), 0, last - first + 1) : between(source(0), first, last + 1));
  const key = `${mailbox.mailboxId} ${etag} ${reference.folder}`;
  return {
    name: named?.name ?? `${opened.name}.eml`,
    type: named?.type ?? 'message/rfc822',
    charset: charsetOf(described),
    etag,
    size: () => knownSize(key, () => source(0)),
    read: (range) => Readable.from(range ? piece(range) : source(0), { objectMode: false }),
    close: () => {},
  };
}

const charsetOf = (part: Described | null): string => (part ? (parameter(part.parameters, 'charset') ?? '') : '');

type Client = Awaited<ReturnType<typeof connectImap>>;
type Described = NonNullable<ReturnType<typeof findLetterPart>>;

const chunkBytes = 262_144;

/** A section as it stands in the message, encoded; '' for all of the message. */
async function* rawChunks(client: Client, uid: number, section: string, from: number): AsyncGenerator<Buffer> {
  for (let start = from; ; start += chunkBytes) {
    const wanted = { start, maxLength: chunkBytes };
    const query = section === '' ? { source: wanted } : { bodyParts: [{ key: section, ...wanted }] };
    const row = await client.fetchOne(String(uid), { uid: true, size: true, ...query }, { uid: true });
    if (row === false) throw new MailError('NotFound');
    const chunk = section === '' ? row.source : row.bodyParts?.get(section);
    if (chunk && chunk.length > 0) yield chunk;
    if (!chunk || chunk.length < chunkBytes) return;
  }
}

/** Who plays or leafs through a file asks for many ranges of it: counted once. */
const sizes = new BoundedMap<string, number>(1000);

async function knownSize(key: string, source: () => AsyncIterable<Buffer>): Promise<number> {
  const known = sizes.get(key);
  if (known !== undefined) return known;
  let size = 0;
  for await (const chunk of source()) size += chunk.length;
  sizes.set(key, size);
  return size;
}

async function fileInside(opened: OpenedMessage, container: Described, path: string[]): Promise<Omit<Download, 'etag'>> {
  const { mailbox } = opened;
  const bytes = await containerBytes(opened, container);
  const task = { kind: 'file' as const, container: bytes, encoding: container.encoding, holds: holderOf(container), path };
  const file = (await runView(task, mailbox.mailboxId))?.result;
  if (!file || !('bytes' in file)) throw new MailError('NotFound', path.join('/'));
  const named = path.length === 0 ? toAttachment(container, '') : file;
  const content = Buffer.from(file.bytes);
  return {
    name: safeFileName(named.name) || 'part',
    type: named.type,
    charset: path.length === 0 ? charsetOf(container) : '',
    size: () => Promise.resolve(content.length),
    read: (range) => Readable.from([range ? content.subarray(range.first, range.last + 1) : content]),
    close: () => {},
  };
}

async function containerBytes(opened: OpenedMessage, { section, sizeBytes }: Described): Promise<Uint8Array> {
  if (opened.container?.section === section) return opened.container.bytes;
  if (sizeBytes > viewLimits.containerBytes) throw new MailError('TooLarge');
  const [brought] = await fetchParts(opened.client, opened.reference.uid, [{ section, most: sizeBytes + 1 }]);
  if (!brought) throw new MailError('NotFound');
  opened.container = { section, bytes: brought.bytes };
  return brought.bytes;
}
