import { people, shownDate } from './conversation-rows.ts';
import { fetchRows, type FetchedRow } from './fetch-rows.ts';
import { inFolder, withImap, type ImapWork } from './imap-pool.ts';
import { knownFolders } from './list-folders.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { foldersOfOwn, readSelected } from './read-message.ts';
import type { Conversation, MessageHead, MessageReference } from './types.ts';

const mostMessages = 200;
const mostFolders = 1000;
/** The dates that are shown differ where a copy came in before it was written. */
const sameLetterMs = 120_000;

/**
 * The conversation that a message belongs to, over all folders but Trash and Junk, oldest first, own answers included; and that
 * message whole. Throws MailError NotFound.
 */
export function readConversation(
  mailbox: MailboxIdentity,
  reference: MessageReference,
  images: 'blocked' | 'shown',
): Promise<Conversation> {
  return withImap(
    mailbox,
    async (imap) => {
      const ownFolders = await foldersOfOwn(imap);
      const open = await inFolder(imap, reference.folder, () => readSelected(imap, mailbox, reference, images, ownFolders));
      const heads: MessageHead[] = [];
      if (!open.threadId.startsWith('uid-')) {
        for (const folder of await foldersToLookIn(imap, reference.folder)) {
          if (heads.length >= mostMessages) break;
          heads.push(...(await headsIn(imap, mailbox, folder, open.threadId, ownFolders)));
        }
      }
      if (!heads.some((head) => head.folder === open.folder && head.uid === open.uid)) heads.push(headOf(open));
      heads.sort((a, b) => Date.parse(a.date) - Date.parse(b.date) || a.uid - b.uid);
      return { subject: open.subject, threadId: open.threadId, messages: withoutDoubles(heads, open), open };
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
  const from = people(row.envelope?.from);
  return {
    folder,
    uid: row.uid,
    threadId,
    messageId: row.envelope?.messageId ?? '',
    from,
    to: people(row.envelope?.to),
    cc: people(row.envelope?.cc),
    bcc: people(row.envelope?.bcc),
    replyTo: people(row.envelope?.replyTo),
    subject: row.envelope?.subject ?? '',
    date: shownDate(row.envelope?.date, row.internalDate),
    preview: (row.preview ?? '').replace(/\s+/g, ' ').trim().slice(0, 160),
    unread: !row.flags?.has('\\Seen'),
    flagged: row.flags?.has('\\Flagged') ?? false,
    answered: row.flags?.has('\\Answered') ?? false,
    draft: row.flags?.has('\\Draft') ?? false,
    own: ownFolders.has(folder) || from[0]?.address.toLowerCase() === mailbox.address,
  };
}

function headOf(message: MessageHead): MessageHead {
  const { folder, uid, threadId, messageId, from, to, cc, bcc, replyTo, subject, date, preview, unread, flagged, answered, draft, own } =
    message;
  return { folder, uid, threadId, messageId, from, to, cc, bcc, replyTo, subject, date, preview, unread, flagged, answered, draft, own };
}

/**
 * A letter to oneself, or to a list one is on, lies in Sent and in the inbox: shown once, where it was opened. A Message-ID alone makes no
 * two letters the same, and two in one folder are two.
 */
function withoutDoubles(heads: MessageHead[], open: MessageHead): MessageHead[] {
  const kept: MessageHead[] = [];
  const isOpen = (head: MessageHead) => head.folder === open.folder && head.uid === open.uid;
  for (const head of heads) {
    const at = kept.findIndex((other) => other.folder !== head.folder && isSameLetter(other, head));
    if (at < 0) kept.push(head);
    else if (isOpen(head)) kept[at] = head;
  }
  return kept;
}

const isSameLetter = (one: MessageHead, other: MessageHead): boolean =>
  one.messageId !== '' &&
  one.messageId === other.messageId &&
  one.subject === other.subject &&
  one.from[0]?.address === other.from[0]?.address &&
  Math.abs(Date.parse(one.date) - Date.parse(other.date)) < sameLetterMs;
