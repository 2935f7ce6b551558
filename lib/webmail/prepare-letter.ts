import { randomUUID } from 'node:crypto';
import PostalMime from 'postal-mime';
import { plainTextOf } from './build-letter.ts';
import { people } from './conversation-rows.ts';
import { downloadPart } from './download-part.ts';
import { fetchProvenance } from './fetch-rows.ts';
import { inFolder, withImap } from './imap-pool.ts';
import { MailError } from './mail-error.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { displayParts, safeFileName, type DisplayParts } from './message-parts.ts';
import { paragraphs, quoteForForward, quoteForReply, type QuoteWords } from './quote-text.ts';
import { foldersOfOwn, readTexts } from './read-message.ts';
import { replyRecipients } from './reply-recipients.ts';
import { sanitizeMailHtml } from './sanitize-mail-html.ts';
import { forwardSubject, replySubject } from './subject-marks.ts';
import type { Attachment, Letter, MessageReference, Person, PrepareKind, StoredUpload } from './types.ts';
import { isOwn } from './trust.ts';
import { storeUpload } from './upload-store.ts';

interface SourceMessage {
  from: Person[];
  to: Person[];
  cc: Person[];
  bcc: Person[];
  replyTo: Person[];
  own: boolean;
  subject: string;
  date: string;
  messageId: string;
  inReplyTo: string;
  references: string[];
  header: ReadonlyMap<string, string>;
  text: string;
  html: string;
  attachments: CopiedPart[];
}

export const emptyLetter = (): Letter => ({
  id: randomUUID(),
  kind: 'new',
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  html: '<p></p>',
  text: '',
  uploads: [],
  inReplyTo: '',
  references: [],
  source: null,
  draft: null,
});

/**
 * The letter that an answer, a forward or an opened draft begins with; attachments of forwards and drafts are copied into the upload
 * store. Throws MailError NotFound, TooLarge.
 */
export async function prepareLetter(
  mailbox: MailboxIdentity,
  kind: PrepareKind,
  reference: MessageReference,
  words: QuoteWords,
): Promise<Letter> {
  const source = await readSource(mailbox, reference);
  if (kind === 'draft') return takeUpDraft(source, reference, await copyAttachments(mailbox, reference, source.attachments));
  if (kind === 'forward-whole') {
    const whole = { part: '', name: `${safeFileName(source.subject) || 'message'}.eml`, type: 'message/rfc822' };
    const uploads = await copyAttachments(mailbox, reference, [whole]);
    return { ...emptyLetter(), kind: 'forward', source: reference, subject: forwardSubject(source.subject), uploads };
  }
  const letter: Letter = { ...emptyLetter(), kind, source: reference };
  if (kind === 'forward') {
    return {
      ...letter,
      subject: forwardSubject(source.subject),
      html: quoteForForward(source, words),
      uploads: await copyAttachments(mailbox, reference, source.attachments),
    };
  }
  return {
    ...letter,
    ...replyRecipients(source, kind, mailbox.address),
    subject: replySubject(source.subject),
    html: quoteForReply(source, words),
    inReplyTo: source.messageId,
    references: [...source.references, source.messageId].filter(Boolean).slice(-30),
  };
}

function takeUpDraft(source: SourceMessage, reference: MessageReference, uploads: StoredUpload[]): Letter {
  const given = source.header.get('x-postamt-letter') ?? '';
  const kind = source.header.get('x-postamt-kind') ?? '';
  return {
    ...emptyLetter(),
    ...(isLetterId(given) ? { id: given } : {}),
    kind: kind === 'reply' || kind === 'reply-all' || kind === 'forward' ? kind : 'draft',
    to: source.to,
    cc: source.cc,
    bcc: source.bcc,
    subject: source.subject,
    html: source.html || paragraphs(source.text),
    uploads,
    inReplyTo: source.inReplyTo,
    references: source.references,
    source: readReference(source.header.get('x-postamt-source')),
    draft: reference,
  };
}

export const isLetterId = (value: string): boolean => /^[a-f0-9-]{36}$/.test(value);

function readReference(encoded: string | undefined): MessageReference | null {
  if (!encoded) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString());
    if (typeof value !== 'object' || value === null || !('folder' in value) || !('uid' in value)) return null;
    return typeof value.folder === 'string' && Number.isSafeInteger(value.uid) ? { folder: value.folder, uid: Number(value.uid) } : null;
  } catch {
    return null;
  }
}

function readSource(mailbox: MailboxIdentity, reference: MessageReference): Promise<SourceMessage> {
  return withImap(
    mailbox,
    async (imap) => {
      const ownFolders = await foldersOfOwn(imap);
      return inFolder(imap, reference.folder, async () => {
        const query = { uid: true, envelope: true, bodyStructure: true, headers: true, internalDate: true };
        const row = await imap.client.fetchOne(String(reference.uid), query, { uid: true });
        if (row === false || !row.bodyStructure) throw new MailError('NotFound');
        const head = await PostalMime.parse(row.headers ?? Buffer.alloc(0));
        const parts = displayParts(row.bodyStructure);
        const texts = await readTexts(imap.client, row, parts.body);
        const clean = texts.map((text) =>
          text.html ? sanitizeMailHtml(text.content, { inlineImage: () => null, remoteImage: null }).html : '',
        );
        return {
          from: people(row.envelope?.from),
          to: people(row.envelope?.to),
          cc: people(row.envelope?.cc),
          bcc: people(row.envelope?.bcc),
          replyTo: people(row.envelope?.replyTo),
          own: isOwn(await fetchProvenance(imap.client, row.uid), mailbox.mailboxId, ownFolders.has(reference.folder)),
          subject: row.envelope?.subject ?? '',
          date: new Date(row.envelope?.date ?? row.internalDate ?? 0).toISOString(),
          messageId: row.envelope?.messageId ?? '',
          inReplyTo: row.envelope?.inReplyTo ?? '',
          references: (head.references ?? '').split(/\s+/).filter((id) => /^<[^<>\s]+>$/.test(id)),
          header: new Map(head.headers.map(({ key, value }) => [key, value.trim()])),
          text: texts.map((text, at) => (text.html ? plainTextOf(clean[at] ?? '') : text.content)).join('\n\n'),
          html: texts.some((text) => text.html) ? clean.join('') : '',
          // Its pictures too: the text is taken over without them.
          attachments: [...parts.attachments, ...inlinePictures(parts)],
        };
      });
    },
    { retry: true },
  );
}

function inlinePictures({ inline, attachments }: DisplayParts): CopiedPart[] {
  return inline
    .filter(({ part, type }) => type.startsWith('image/') && !attachments.some((attachment) => attachment.part === part))
    .map(({ part, type, name }) => ({ part, type, name }));
}

type CopiedPart = Pick<Attachment, 'part' | 'name' | 'type'>;

async function copyAttachments(
  mailbox: MailboxIdentity,
  reference: MessageReference,
  attachments: readonly CopiedPart[],
): Promise<StoredUpload[]> {
  const uploads: StoredUpload[] = [];
  for (const attachment of attachments.slice(0, 100)) {
    const { content } = await downloadPart(mailbox, reference, attachment.part);
    uploads.push(await storeUpload(mailbox, { name: attachment.name, type: attachment.type, content }));
  }
  return uploads;
}
