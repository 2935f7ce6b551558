import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow';
import PostalMime, { type Email } from 'postal-mime';
import { people, shownDate } from './conversation-rows.ts';
import { escapeHtml } from './escape-html.ts';
import { fetchProvenance } from './fetch-rows.ts';
import { inFolder, withImap, type ImapWork } from './imap-pool.ts';
import { imageAddress } from './image-address.ts';
import { specialFolder } from './list-folders.ts';
import { MailError } from './mail-error.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { displayParts, partNumber, type DisplayParts } from './message-parts.ts';
import { sanitizeMailHtml } from './sanitize-mail-html.ts';
import { isOwn, trustOf } from './trust.ts';
import type { MailMessage, MessageBody, MessageReference } from './types.ts';

/** Text shown at most, bytes as they stand in the message: more is a log file, not a letter. The whole can be downloaded. */
const shownBytes = 1_048_576;
const shownHtmlCharacters = 600_000;

/** One message, whole and safe to show. Throws MailError NotFound. */
export function readMessage(mailbox: MailboxIdentity, reference: MessageReference, images: 'blocked' | 'shown'): Promise<MailMessage> {
  return withImap(
    mailbox,
    async (imap) => {
      const ownFolders = await foldersOfOwn(imap);
      return inFolder(imap, reference.folder, () => readSelected(imap, mailbox, reference, images, ownFolders));
    },
    { retry: true },
  );
}

/** Sent and Drafts: what lies there was written here. */
export async function foldersOfOwn(imap: ImapWork): Promise<Set<string>> {
  return new Set([await specialFolder(imap, 'sent'), await specialFolder(imap, 'drafts')].filter((path) => path !== null));
}

/** The same for a folder that is selected already. */
export async function readSelected(
  imap: ImapWork,
  mailbox: MailboxIdentity,
  reference: MessageReference,
  images: 'blocked' | 'shown',
  ownFolders: ReadonlySet<string>,
): Promise<MailMessage> {
  const query = {
    uid: true,
    flags: true,
    envelope: true,
    bodyStructure: true,
    internalDate: true,
    size: true,
    threadId: true,
  };
  const row = await imap.client.fetchOne(String(reference.uid), query, { uid: true });
  if (row === false || !row.bodyStructure) throw new MailError('NotFound');
  const parts = displayParts(row.bodyStructure);
  const body = await readBody(imap.client, reference, row, parts, images);
  const from = people(row.envelope?.from);
  const replyTo = people(row.envelope?.replyTo);
  const provenance = await fetchProvenance(imap.client, row.uid);
  const own = isOwn(provenance, mailbox.mailboxId, ownFolders.has(reference.folder));
  return {
    folder: reference.folder,
    uid: row.uid,
    threadId: row.threadId ?? `uid-${row.uid}`,
    messageId: row.envelope?.messageId ?? '',
    from,
    to: people(row.envelope?.to),
    cc: people(row.envelope?.cc),
    bcc: people(row.envelope?.bcc),
    replyTo,
    subject: row.envelope?.subject ?? '',
    date: shownDate(row.envelope?.date, row.internalDate),
    preview: body.text.replace(/\s+/g, ' ').trim().slice(0, 160),
    unread: !row.flags?.has('\\Seen'),
    flagged: row.flags?.has('\\Flagged') ?? false,
    answered: row.flags?.has('\\Answered') ?? false,
    draft: row.flags?.has('\\Draft') ?? false,
    own,
    body,
    attachments: parts.attachments,
    trust: trustOf(provenance, from, replyTo),
    sizeBytes: row.size ?? 0,
  };
}

async function readBody(
  client: ImapFlow,
  reference: MessageReference,
  row: FetchMessageObject,
  parts: DisplayParts,
  images: 'blocked' | 'shown',
): Promise<MessageBody> {
  const texts = await readTexts(client, row, parts.body);
  const cut = texts.some((text) => text.cut);
  if (!texts.some((text) => text.html)) {
    const text = texts.map((one) => one.content).join('\n\n');
    const nothing = text.trim() === '' && parts.attachments.length === 0;
    return { html: '', text: nothing ? await rawText(client, row.uid) : text, blockedImages: 0, removedTrackers: 0, cut };
  }
  const source = texts.map((text) => (text.html ? text.content : `<pre>${escapeHtml(text.content)}</pre>`)).join('<hr>');
  const clean = sanitizeMailHtml(source.slice(0, shownHtmlCharacters), {
    inlineImage: (contentId) => {
      const part = parts.inline.find((one) => one.contentId === contentId && one.type.startsWith('image/'));
      return part ? partAddress(reference, part.part) : null;
    },
    remoteImage: images === 'shown' ? imageAddress : null,
  });
  return { ...clean, text: '', cut: cut || source.length > shownHtmlCharacters };
}

const rawBytes = 65_536;

/** What stands in a message whose parts hold nothing, because its boundaries or its header are broken: shown as it is. */
async function rawText(client: ImapFlow, uid: number): Promise<string> {
  const row = await client.fetchOne(String(uid), { uid: true, source: { start: 0, maxLength: rawBytes } }, { uid: true });
  const raw = row === false ? '' : new TextDecoder().decode(row.source);
  const at = raw.search(/\r?\n\r?\n/);
  const body = at < 0 ? '' : raw.slice(at).trim();
  return body || (at < 0 || raw.slice(0, at).search(/^[\x21-\x39\x3b-\x7e]+:/m) < 0 ? raw.trim() : '');
}

/** Where our own routes serve one part of a message. */
export const partAddress = (reference: MessageReference, part: string): string =>
  `/api/mail/part?${new URLSearchParams({ folder: reference.folder, uid: String(reference.uid), part, open: '1' })}`;

interface ReadText {
  html: boolean;
  content: string;
  cut: boolean;
}

/** The texts of a message, decoded; charsets and transfer encodings are postal-mime's work, also broken ones. */
export async function readTexts(client: ImapFlow, row: FetchMessageObject, nodes: readonly MessageStructureObject[]): Promise<ReadText[]> {
  const wanted = nodes.slice(0, 20);
  if (wanted.length === 0) return [];
  const bodyParts = wanted.map((node) => ({ key: partNumber(node), start: 0, maxLength: shownBytes }));
  const fetched = await client.fetchOne(String(row.uid), { uid: true, bodyParts }, { uid: true });
  if (fetched === false) throw new MailError('NotFound');
  return Promise.all(
    wanted.map(async (node) => {
      const bytes = fetched.bodyParts?.get(partNumber(node).toLowerCase()) ?? Buffer.alloc(0);
      const email = await decode(node, bytes);
      const html = node.type.toLowerCase() === 'text/html';
      const content = html ? (email.html ?? '') : (email.text ?? '');
      return { html, content, cut: bytes.length >= shownBytes };
    }),
  );
}

const headerSafe = (value: string | undefined): string => (value ?? '').replace(/[^\x20-\x7e]|["\\;]/g, '').slice(0, 100);

function decode(node: MessageStructureObject, bytes: Buffer): Promise<Email> {
  const parameters = ['charset', 'format', 'delsp']
    .map((name) => [name, headerSafe(node.parameters?.[name])])
    .filter(([, value]) => value)
    .map(([name, value]) => `; ${name}="${value}"`)
    .join('');
  const type = node.type.toLowerCase() === 'text/html' ? 'text/html' : 'text/plain';
  const head = `Content-Type: ${type}${parameters}\r\nContent-Transfer-Encoding: ${headerSafe(node.encoding) || '8bit'}\r\n\r\n`;
  return PostalMime.parse(Buffer.concat([Buffer.from(head), bytes]));
}
