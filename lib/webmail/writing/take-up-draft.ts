import type { Unfinished } from './build-letter.ts';
import { carryWithPictures, copyFiles } from './copy-parts.ts';
import { emptyLetter } from './empty-letter.ts';
import { keptFields, keptRequest } from './kept-fields.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { idsIn, shortened } from './message-ids.ts';
import type { SourceMessage } from './read-source.ts';
import type { Letter } from './letter.ts';
import type { MessageReference, Person } from '../reading/mail-message.ts';

/** A draft of ours or of any other program; what was plain text stays plain text. */
export async function takeUpDraft(mailbox: MailboxIdentity, source: SourceMessage, reference: MessageReference): Promise<Letter> {
  const given = source.header.get('x-postamt-letter') ?? '';
  const kind = source.header.get('x-postamt-kind') ?? '';
  const unfinished = readUnfinished(source.header.get('x-postamt-unfinished'));
  return {
    ...emptyLetter(),
    ...(isLetterId(given) ? { id: given } : {}),
    kind: kind === 'reply' || kind === 'reply-all' || kind === 'forward' ? kind : 'draft',
    from: source.own && source.from[0] && source.fromIsOwn ? source.from[0] : null,
    to: [...source.to, ...unfinished.to],
    cc: [...source.cc, ...unfinished.cc],
    bcc: [...source.bcc, ...unfinished.bcc],
    subject: source.subject,
    ...(await contentOf(mailbox, source, reference, isLetterId(given))),
    inReplyTo: idsIn(source.inReplyTo)[0] ?? '',
    references: shortened(idsIn(source.references)),
    source: readReference(source.header.get('x-postamt-source')),
    draft: reference,
    ...(isLetterId(given) ? keptOfOurs(source.header.get('x-postamt-kept')) : keptOfOthers(source)),
  };
}

/** Any letter once more, as a new one: it answers nothing, and has an id of its own. */
export async function editAsNew(
  mailbox: MailboxIdentity,
  source: SourceMessage,
  reference: MessageReference,
  from: Person | null,
): Promise<Letter> {
  const { to, cc, bcc, subject, own } = source;
  return { ...emptyLetter(), from, to, cc, bcc, subject, ...(await contentOf(mailbox, source, reference, own)) };
}

/** Text, pictures and files. `ours`: it was written here. */
async function contentOf(
  mailbox: MailboxIdentity,
  source: SourceMessage,
  reference: MessageReference,
  ours: boolean,
): Promise<Pick<Letter, 'html' | 'text' | 'uploads'>> {
  const { html, cut, uploads, left } = source.html
    ? await carryWithPictures(mailbox, source, reference, ours)
    : { html: '', cut: false, uploads: [], left: source.pictures };
  const files = [...source.attachments, ...left];
  return {
    html,
    // as the page has what is typed
    text: source.html ? '' : source.text.replaceAll('\r\n', '\n'),
    uploads: [
      ...uploads,
      ...(await copyFiles(mailbox, { ...source, cut: source.cut || cut }, reference, { files, taken: uploads.length })),
    ],
  };
}

const isLetterId = (value: string): boolean => /^[a-f0-9-]{36}$/.test(value);

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

type Kept = Pick<Letter, 'replyTo' | 'fields'>;

/** What another program had its writer choose for this letter, and ours has no button for. */
function keptOfOthers({ header, replyTo, from }: SourceMessage): Kept {
  const elsewhere = replyTo.filter(({ address }) => address !== from[0]?.address);
  const fields = keptFields.flatMap((name) => {
    const value = (header.get(name.toLowerCase()) ?? '').replace(/\s+/g, ' ').trim();
    return value !== '' && /^[\x20-\x7e]{1,500}$/.test(value) ? [{ name, value }] : [];
  });
  return { ...(elsewhere.length > 0 ? { replyTo: elsewhere } : {}), ...(fields.length > 0 ? { fields } : {}) };
}

function keptOfOurs(encoded: string | undefined): Kept {
  const kept = keptRequest.safeParse(decoded(encoded) ?? {});
  return kept.success ? kept.data : {};
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
