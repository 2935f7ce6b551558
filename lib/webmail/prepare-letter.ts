import { randomBytes, randomUUID } from 'node:crypto';
import type { Unfinished } from './build-letter.ts';
import { carriedHtml, contentIdsIn, type CarriedPicture } from './carried-html.ts';
import { downloadPart } from './download-part.ts';
import { escapeHtml } from './escape-html.ts';
import { safeFileName } from './attachments.ts';
import { addressesOf, identityFor, readIdentities } from './identities.ts';
import { placeOf } from './letter-html.ts';
import { mailHost } from './mail-host.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';

import { paragraphs, quoteForForward, quoteForReply, signatureHtml, roomToWrite, type QuoteWords } from './quote-text.ts';
import { readSource, type CopiedPart, type SourceMessage } from './read-source.ts';
import { replyRecipients } from './reply-recipients.ts';
import { forwardSubject, replySubject } from './subject-marks.ts';
import type { CarriedBlock, Letter, MessageReference, Person, PrepareKind, StoredUpload, WritesAs } from './types.ts';
import { mostUploads, storeUpload } from './upload-store.ts';

export const emptyLetter = (): Letter => ({
  id: randomUUID(),
  kind: 'new',
  from: null,
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  html: roomToWrite,
  text: '',
  blocks: [],
  uploads: [],
  inReplyTo: '',
  references: [],
  source: null,
  draft: null,
});

/**
 * The letter that an answer, a forward or an opened draft begins with. What is quoted keeps its HTML, in a block that is carried as it is;
 * its pictures become parts of the new letter, attachments of forwards and drafts are copied into the upload store. Throws MailError
 * NotFound, TooLarge.
 */
export async function prepareLetter(
  mailbox: MailboxIdentity,
  kind: PrepareKind,
  reference: MessageReference,
  words: QuoteWords,
): Promise<Letter> {
  const identities = await readIdentities(mailbox);
  const own = addressesOf(identities);
  const source = fitting(await readSource(mailbox, reference, own));
  if (kind === 'draft') return takeUpDraft(mailbox, source, reference);
  // One's own letter is answered as whoever wrote it.
  const identity = identityFor(identities, source.own ? source.from : [...source.to, ...source.cc, ...source.deliveredTo]);
  const letter: Letter = {
    ...emptyLetter(),
    kind: kind === 'forward-whole' ? 'forward' : kind,
    source: reference,
    from: asPerson(identity),
  };
  const signature = identity?.signature ?? '';
  if (kind === 'forward-whole') {
    const uploads = await copyParts(mailbox, reference, [wholeMessage(source)]);
    return { ...letter, subject: forwardSubject(source.subject), html: roomToWrite + signatureHtml(signature), uploads };
  }
  const quoted = await quoteOf(mailbox, source, reference);
  if (kind === 'forward') {
    const files = [...source.attachments, ...source.inline.filter(({ contentId }) => !quoted.contentIds.has(contentId))];
    // What is too long to be shown here would be missing: the letter goes along whole.
    const uploads = await copyParts(mailbox, reference, source.cut ? [...files, wholeMessage(source)] : files);
    return {
      ...letter,
      subject: forwardSubject(source.subject),
      html: quoteForForward(source, words, quoted.html, signature),
      blocks: quoted.blocks,
      uploads: [...quoted.uploads, ...uploads],
    };
  }
  return {
    ...letter,
    ...replyRecipients(source, kind, own),
    subject: replySubject(source.subject),
    html: quoteForReply(source, words, quoted.html, signature),
    blocks: quoted.blocks,
    uploads: quoted.uploads,
    ...threadOf(source),
  };
}

const longestSubject = 900;
const longestName = 400;

/** What a stranger's header says, cut to what a letter of ours may say. */
function fitting(source: SourceMessage): SourceMessage {
  const people = (list: Person[]) =>
    list.filter(({ address }) => address.length <= longestName).map(({ name, address }) => ({ name: name.slice(0, longestName), address }));
  return {
    ...source,
    subject: source.subject.replace(/\s+/g, ' ').slice(0, longestSubject).toWellFormed(),
    from: people(source.from),
    to: people(source.to),
    cc: people(source.cc),
    bcc: people(source.bcc),
    replyTo: people(source.replyTo),
  };
}

const longestId = 900;
/** Message-IDs as they may be written; programs put words and worse beside them. */
const idsIn = (field: string): string[] => (field.match(/<[^<>\s]+>/g) ?? []).filter((id) => id.length <= longestId);

/** The first says where the conversation began, the last what it is about. */
const mostReferences = 30;
const shortened = (ids: readonly string[]): string[] =>
  ids.length <= mostReferences ? [...ids] : [...ids.slice(0, 1), ...ids.slice(1 - mostReferences)];

/** RFC 5322 section 3.6.4: a parent without References lends its In-Reply-To, where that names one letter. */
function threadOf(source: SourceMessage): Pick<Letter, 'inReplyTo' | 'references'> {
  const [parent] = idsIn(source.messageId);
  if (parent === undefined) return { inReplyTo: '', references: [] };
  const answered = idsIn(source.inReplyTo);
  const before = idsIn(source.references.join(' '));
  return {
    inReplyTo: parent,
    references: shortened([...new Set([...(before.length > 0 || answered.length > 1 ? before : answered), parent])]),
  };
}

const asPerson = (identity: WritesAs | undefined): Person | null => (identity ? { name: identity.name, address: identity.address } : null);

const wholeMessage = ({ subject }: SourceMessage): CopiedPart => ({
  part: '',
  name: `${safeFileName(subject) || 'message'}.eml`,
  type: 'message/rfc822',
});

interface Quoted {
  /** HTML of the editor: paragraphs of plain text, or the place of a block */
  html: string;
  blocks: CarriedBlock[];
  uploads: StoredUpload[];
  /** pictures of the original that stand in the block */
  contentIds: ReadonlySet<string>;
}

/** Text longer than this stands as a block too: an editor is no place for a log file. */
const mostEditableCharacters = 100_000;

async function quoteOf(mailbox: MailboxIdentity, source: SourceMessage, reference: MessageReference): Promise<Quoted> {
  const nothing = { blocks: [], uploads: [], contentIds: new Set<string>() };
  if (!source.html && source.text.length <= mostEditableCharacters) return { ...nothing, html: paragraphs(source.text) };
  const html = source.html || `<div style="white-space: pre-wrap">${escapeHtml(source.text)}</div>`;
  const shown = contentIdsIn(html);
  const { pictures, uploads } = await copyPictures(mailbox, source, reference, shown);
  const block = { id: 'original', html: await carriedHtml(mailbox.mailboxId, html, pictures) };
  return { html: placeOf(block.id), blocks: [block], uploads, contentIds: new Set(pictures.map(({ contentId }) => contentId)) };
}

async function copyPictures(
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

/** A draft of ours or of any other program; what was plain text stays plain text. */
async function takeUpDraft(mailbox: MailboxIdentity, source: SourceMessage, reference: MessageReference): Promise<Letter> {
  const given = source.header.get('x-postamt-letter') ?? '';
  const kind = source.header.get('x-postamt-kind') ?? '';
  const unfinished = readUnfinished(source.header.get('x-postamt-unfinished'));
  const shown = contentIdsIn(source.html);
  const { pictures, uploads } = await copyPictures(mailbox, source, reference, shown);
  const files = [...source.attachments, ...source.inline.filter(({ contentId }) => !shown.has(contentId))];
  return {
    ...emptyLetter(),
    ...(isLetterId(given) ? { id: given } : {}),
    kind: kind === 'reply' || kind === 'reply-all' || kind === 'forward' ? kind : 'draft',
    from: source.own && source.from[0] && source.fromIsOwn ? source.from[0] : null,
    to: [...source.to, ...unfinished.to],
    cc: [...source.cc, ...unfinished.cc],
    bcc: [...source.bcc, ...unfinished.bcc],
    subject: source.subject,
    html: source.html ? await carriedHtml(mailbox.mailboxId, source.html, pictures) : '',
    text: source.html ? '' : source.text,
    uploads: [...uploads, ...(await copyParts(mailbox, reference, files))],
    inReplyTo: idsIn(source.inReplyTo)[0] ?? '',
    references: shortened(idsIn(source.references.join(' '))),
    source: readReference(source.header.get('x-postamt-source')),
    draft: reference,
  };
}

export const isLetterId = (value: string): boolean => /^[a-f0-9-]{36}$/.test(value);

function decoded(value: string | undefined): unknown {
  try {
    return value ? JSON.parse(Buffer.from(value.replace(/\s+/g, ''), 'base64url').toString()) : null;
  } catch {
    return null;
  }
}

function readReference(encoded: string | undefined): MessageReference | null {
  const value = decoded(encoded);
  if (typeof value !== 'object' || value === null || !('folder' in value) || !('uid' in value)) return null;
  return typeof value.folder === 'string' && Number.isSafeInteger(value.uid) ? { folder: value.folder, uid: Number(value.uid) } : null;
}

function readUnfinished(encoded: string | undefined): Unfinished {
  const value = decoded(encoded) as Partial<Record<keyof Unfinished, unknown>> | null;
  const people = (given: unknown): Person[] =>
    Array.isArray(given)
      ? given.slice(0, 1000).flatMap((one) => {
          const { name, address } = (one ?? {}) as Record<string, unknown>;
          return typeof name === 'string' && typeof address === 'string' ? [{ name, address }] : [];
        })
      : [];
  return { to: people(value?.to), cc: people(value?.cc), bcc: people(value?.bcc) };
}

async function copyParts(
  mailbox: MailboxIdentity,
  reference: MessageReference,
  parts: readonly (CopiedPart & { contentId?: string })[],
): Promise<StoredUpload[]> {
  const uploads: StoredUpload[] = [];
  for (const { part, name, type, contentId } of parts.slice(0, mostUploads)) {
    const { content } = await downloadPart(mailbox, reference, part);
    uploads.push(await storeUpload(mailbox, { name, type, content, ...(contentId ? { contentId } : {}) }));
  }
  return uploads;
}
