import { shownDate } from './conversation-rows.ts';
import { fetchRows, type FetchedRow } from './fetch-rows.ts';
import { inFolder, withImap, type ImapWork } from './imap-pool.ts';
import { knownFolders } from './list-folders.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { readSelected, type ReadRequest, whatReaderKnows, withFoldable } from './read-message.ts';
import { isOwn } from './trust.ts';
import type { Conversation, MailMessage, MessageHead } from './types.ts';

const mostMessages = 200;
const mostFolders = 1000;

/**
 * The conversation that a message belongs to, over all folders but Trash and Junk, oldest first, own answers included; and that
 * message whole. Throws MailError NotFound.
 */
export function readConversation(mailbox: MailboxIdentity, reference: ReadRequest): Promise<Conversation> {
  return withImap(
    mailbox,
    async (imap) => {
      const knows = await whatReaderKnows(imap, mailbox);
      const { ownFolders } = knows;
      const { message: open, tailQuote } = await inFolder(imap, reference.folder, () => readSelected(imap, mailbox, reference, knows));
      const heads: MessageHead[] = [];
      if (!open.threadId.startsWith('uid-')) {
        for (const folder of await foldersToLookIn(imap, reference.folder)) {
          if (heads.length >= mostMessages) break;
          heads.push(...(await headsIn(imap, mailbox, folder, open.threadId, ownFolders)));
        }
      }
      if (!heads.some((head) => head.folder === open.folder && head.uid === open.uid)) heads.push(headOf(open));
      heads.sort((a, b) => Date.parse(a.date) - Date.parse(b.date) || a.uid - b.uid);
      const answered = tailQuote ? answeredBy(open, heads) : null;
      const whole = answered ? await withFoldable(imap, mailbox, open, tailQuote, answered) : open;
      return { subject: open.subject, threadId: open.threadId, messages: withoutDoubles(heads, open), open: whole };
    },
    { retry: true },
  );
}

async function foldersToLookIn(imap: ImapWork, current: string): Promise<string[]> {
  const folders = await knownFolders(imap);
  const left = folders.filter(
    (folder) => folder.selectable && folder.path !== current && folder.specialUse !== 'trash' && folder.specialUse !== 'junk',
  );
  return [current, ...left.map((folder) => folder.path)].slice(0, mostFolders);
}

async function headsIn(
  imap: ImapWork,
  mailbox: MailboxIdentity,
  folder: string,
  threadId: string,
  ownFolders: ReadonlySet<string>,
): Promise<MessageHead[]> {
  return inFolder(imap, folder, async () => {
    const uids = (await imap.client.search({ threadId }, { uid: true })) || [];
    const rows = await fetchRows(imap.client, uids.slice(-mostMessages));
    return rows.filter((row) => !row.flags?.has('\\Deleted')).map((row) => toHead(row, folder, threadId, mailbox, ownFolders));
  });
}

function toHead(row: FetchedRow, folder: string, threadId: string, mailbox: MailboxIdentity, ownFolders: ReadonlySet<string>): MessageHead {
  return {
    folder,
    uid: row.uid,
    threadId,
    messageId: row.head.messageId,
    from: row.head.from,
    to: row.head.to,
    cc: row.head.cc,
    bcc: row.head.bcc,
    replyTo: row.head.replyTo,
    subject: row.head.subject,
    date: shownDate(row.head.date, row.internalDate),
    preview: (row.preview ?? '').replace(/\s+/g, ' ').trim().slice(0, 160),
    unread: !row.flags?.has('\\Seen'),
    flagged: row.flags?.has('\\Flagged') ?? false,
    answered: row.flags?.has('\\Answered') ?? false,
    draft: row.flags?.has('\\Draft') ?? false,
    own: isOwn(row.provenance, mailbox.mailboxId, ownFolders.has(folder)),
  };
}

function headOf(message: MessageHead): MessageHead {
  const { folder, uid, threadId, messageId, from, to, cc, bcc, replyTo, subject, date, preview, unread, flagged, answered, draft, own } =
    message;
  return { folder, uid, threadId, messageId, from, to, cc, bcc, replyTo, subject, date, preview, unread, flagged, answered, draft, own };
}

/** The message of the conversation that another one answers: the last it names that is there. */
export function answeredBy(open: MailMessage, heads: readonly MessageHead[]): MessageHead | null {
  for (const id of open.answers.toReversed()) {
    const found = heads.find((head) => head.messageId === id && !(head.folder === open.folder && head.uid === open.uid));
    if (found) return found;
  }
  return null;
}

/**
 * A letter to oneself, or to a list one is on, lies in Sent and in the inbox: shown once, where it was opened. What two letters of one
 * folder have in common is at most their Message-ID, which the sender made: each is shown.
 */
function withoutDoubles(heads: MessageHead[], open: MessageHead): MessageHead[] {
  const isOpen = (head: MessageHead): boolean => head.folder === open.folder && head.uid === open.uid;
  const elsewhere = new Map<string, MessageHead>();
  for (const head of heads) {
    const before = elsewhere.get(head.messageId);
    if (!before || isOpen(head)) elsewhere.set(head.messageId, head);
  }
  return heads.filter((head) => {
    const kept = elsewhere.get(head.messageId);
    return head.messageId === '' || !kept || kept === head || kept.folder === head.folder || !sameLetter(kept, head);
  });
}

/** One Message-ID, and all else that people see of a letter. */
const sameLetter = (one: MessageHead, other: MessageHead): boolean =>
  one.subject === other.subject && one.preview === other.preview && one.from[0]?.address === other.from[0]?.address;
