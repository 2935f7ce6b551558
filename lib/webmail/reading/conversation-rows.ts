import type { LetterPart } from '../../mime/letter-part.ts';
import { planLetter } from '../../mime/plan-letter.ts';
import { shownPlaces } from './conversation-places.ts';
import { fetchRows, type FetchedRow } from './fetch-rows.ts';
import type { IndexedConversation } from './folder-index.ts';
import type { ImapWork } from '../connection/imap-pool.ts';
import { labelsOf } from './labels.ts';
import { knownFolders } from '../folders/list-folders.ts';
import type { ConversationRow } from './conversation-list.ts';
import { withFiles } from './with-files.ts';

/** A list waits for their structures the first time. */
const mostAskedFor = 500;

/** Rows for the given conversations of the selected folder, in their order. */
export async function rowsFor(imap: ImapWork, folder: string, conversations: readonly IndexedConversation[]): Promise<ConversationRow[]> {
  const newest = conversations.map((conversation) => conversation.messages[0]?.uid ?? 0).filter((uid) => uid > 0);
  const byUid = new Map((await fetchRows(imap.client, newest, 'conversations')).map((row) => [row.uid, row]));
  const folders = await knownFolders(imap);
  // The paper clip says of the conversation what the filter says of it; of one that is longer than anybody reads, what its newest letters say.
  const several = conversations
    .filter(({ messages }) => messages.length > 1)
    .flatMap(({ messages }) => messages.slice(0, mostAskedFor).map(({ uid }) => uid));
  const files = await withFiles(imap, several);
  return conversations.flatMap((conversation) => {
    const row = byUid.get(conversation.messages[0]?.uid ?? 0);
    // Gone between index and fetch: the next change of the folder tells the page.
    if (!row) return [];
    const attachment = hasAttachment(row.root) || conversation.messages.some(({ uid }) => files.has(uid));
    // The number beside the sender is the conversation's, in whatever folders it lies, and not that of the hits of a search.
    const count = Math.max(1, shownPlaces(row.places, folders, folder).length);
    return [{ ...toRow(folder, conversation, row), attachment, count }];
  });
}

function toRow(folder: string, conversation: IndexedConversation, row: FetchedRow): Omit<ConversationRow, 'attachment' | 'count'> {
  const flags = new Set([...(row.flags ?? [])].map((flag) => flag.toLowerCase()));
  return {
    uid: row.uid,
    uids: conversation.messages.map((message) => message.uid),
    threadId: conversation.threadId,
    folder,
    from: row.head.from,
    to: row.head.to,
    subject: row.head.subject,
    preview: (row.preview ?? '').replace(/\s+/g, ' ').trim().slice(0, 200),
    // The list is ordered by when letters came, so that is what its rows and headings say.
    date: new Date(conversation.messages[0]?.date ?? 0).toISOString(),
    sizeBytes: row.size ?? 0,
    unread: conversation.messages.some((message) => message.unread),
    flagged: conversation.messages.some((message) => message.flagged),
    answered: flags.has('\\answered'),
    forwarded: flags.has('$forwarded'),
    draft: flags.has('\\draft'),
    labels: labelsOf(conversation.messages.flatMap(({ labels }) => labels)),
  };
}

const millisecondsOf = (date: Date | string | undefined): number => (date === undefined ? Number.NaN : new Date(date).getTime());

/**
 * The date that people see: when it was written, but never later than it came in, so that a sender cannot put a letter into the future.
 * ISO 8601; the beginning of 1970 if the message has no usable date at all.
 */
export function shownDate(written: Date | string | undefined, received: Date | string | undefined): string {
  const [writtenMs, receivedMs] = [millisecondsOf(written), millisecondsOf(received)];
  const shownMs = Number.isNaN(writtenMs) ? receivedMs : Number.isNaN(receivedMs) ? writtenMs : Math.min(writtenMs, receivedMs);
  return new Date(Number.isNaN(shownMs) ? 0 : shownMs).toISOString();
}

/** Files, by structure: pictures of the text and signatures are none. */
const hasAttachment = (root: LetterPart): boolean => planLetter(root).files.length > 0;
