import { shownDate } from './conversation-rows.ts';
import { marksOf } from './labels.ts';
import { shownPlaces } from './conversation-places.ts';
import { fetchRows, type FetchedRow } from './fetch-rows.ts';
import { inFolder, withImap, type ImapWork } from '../connection/imap-pool.ts';
import { knownFolders } from '../folders/list-folders.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { readSelected, type ReadRequest, whatReaderKnows, withFoldable } from './read-message.ts';
import { isOwn } from '../trust/trust.ts';
import type { Conversation, MailMessage, MessageHead } from './mail-message.ts';

/** Heads that are sent along; the page says how many older ones there are, and asks for more of them. */
const mostMessages = 200;

export interface ConversationRequest extends ReadRequest {
  /** so many letters of a very long conversation, the newest */
  heads?: number | undefined;
}

/**
 * The conversation that a message belongs to, over all folders but Trash and Junk, oldest first, own answers included; and that
 * message whole. Throws MailError NotFound.
 */
export function readConversation(mailbox: MailboxIdentity, reference: ConversationRequest): Promise<Conversation> {
  return withImap(
    mailbox,
    async (imap) => {
      const knows = await whatReaderKnows(imap, mailbox);
      const { ownFolders } = knows;
      const {
        message: open,
        tailQuote,
        places,
      } = await inFolder(imap, reference.folder, () => readSelected(imap, mailbox, reference, knows));
      const all = shownPlaces(places, await knownFolders(imap), reference.folder);
      const wanted = all.slice(-(reference.heads ?? mostMessages));
      // of the open one everything is known, and most conversations are one letter
      const heads: MessageHead[] = [headOf(open)];
      const others = wanted.filter(({ folder, uid }) => folder !== open.folder || uid !== open.uid);
      for (const [folder, own] of Map.groupBy(others, (place) => place.folder)) {
        const uids = own.map(({ uid }) => uid);
        // A folder that went a moment ago takes nothing away from the others.
        heads.push(...(await headsIn(imap, mailbox, folder, uids, ownFolders).catch(unlessGone)));
      }
      heads.sort((a, b) => Date.parse(a.date) - Date.parse(b.date) || a.uid - b.uid);
      const answered = tailQuote ? answeredBy(open, heads) : null;
      const whole = answered ? await withFoldable(imap, mailbox, open, tailQuote, answered) : open;
      return { subject: open.subject, threadId: open.threadId, messages: heads, open: whole, older: all.length - wanted.length };
    },
    { retry: true },
  );
}

function unlessGone(error: unknown): MessageHead[] {
  if (error instanceof MailError && error.code === 'NotFound') return [];
  throw error;
}

const headsIn = (
  imap: ImapWork,
  mailbox: MailboxIdentity,
  folder: string,
  uids: readonly number[],
  ownFolders: ReadonlySet<string>,
): Promise<MessageHead[]> =>
  inFolder(imap, folder, async () => (await fetchRows(imap.client, uids)).map((row) => toHead(row, folder, mailbox, ownFolders)));

function toHead(row: FetchedRow, folder: string, mailbox: MailboxIdentity, ownFolders: ReadonlySet<string>): MessageHead {
  return {
    folder,
    uid: row.uid,
    threadId: row.threadId ?? `uid-${row.uid}`,
    messageId: row.head.messageId,
    from: row.head.from,
    to: row.head.to,
    cc: row.head.cc,
    bcc: row.head.bcc,
    replyTo: row.head.replyTo,
    subject: row.head.subject,
    date: shownDate(row.head.date, row.internalDate),
    preview: (row.preview ?? '').replace(/\s+/g, ' ').trim().slice(0, 160),
    ...marksOf(row.flags ?? new Set()),
    own: isOwn(row.provenance, mailbox.mailboxId, ownFolders.has(folder)),
  };
}

function headOf(message: MessageHead): MessageHead {
  const { folder, uid, threadId, messageId, from, to, cc, bcc, replyTo, subject, date, preview } = message;
  const { unread, flagged, answered, draft, labels, own } = message;
  const people = { from, to, cc, bcc, replyTo };
  return { folder, uid, threadId, messageId, ...people, subject, date, preview, unread, flagged, answered, draft, labels, own };
}

/** The message of the conversation that another one answers: the last it names that is there. */
function answeredBy(open: MailMessage, heads: readonly MessageHead[]): MessageHead | null {
  for (const id of open.answers.toReversed()) {
    const found = heads.find((head) => head.messageId === id && !(head.folder === open.folder && head.uid === open.uid));
    if (found) return found;
  }
  return null;
}
