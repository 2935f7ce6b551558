import type { LetterPart } from '../mime/letter-part.ts';
import { planLetter } from '../mime/plan-letter.ts';
import { fetchRows, type FetchedRow } from './fetch-rows.ts';
import type { IndexedConversation } from './folder-index.ts';
import type { ImapWork } from './imap-pool.ts';
import type { ConversationRow } from './types.ts';

/** Rows for the given conversations of the selected folder, in their order. `extra`: messages elsewhere, by thread. */
export async function rowsFor(
  imap: ImapWork,
  folder: string,
  conversations: readonly IndexedConversation[],
  extra: ReadonlyMap<string, number>,
): Promise<ConversationRow[]> {
  const newest = conversations.map((conversation) => conversation.messages[0]?.uid ?? 0).filter((uid) => uid > 0);
  const byUid = new Map((await fetchRows(imap.client, newest)).map((row) => [row.uid, row]));
  return conversations.flatMap((conversation) => {
    const row = byUid.get(conversation.messages[0]?.uid ?? 0);
    // Gone between index and fetch: the next change of the folder tells the page.
    return row ? [toRow(folder, conversation, row, extra.get(conversation.threadId) ?? 0)] : [];
  });
}

function toRow(folder: string, conversation: IndexedConversation, row: FetchedRow, extra: number): ConversationRow {
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
    attachment: hasAttachment(row.root),
    count: conversation.messages.length + extra,
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
export const hasAttachment = (root: LetterPart): boolean => planLetter(root).files.length > 0;
