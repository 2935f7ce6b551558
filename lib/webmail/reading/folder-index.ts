import type { ImapFlow } from 'imapflow';
import { fetchIndex, type IndexedMessage } from './fetch-rows.ts';
import { webLimits } from '../../config/web-limits.ts';
import type { ImapWork } from '../connection/imap-pool.ts';
import { uidSet } from '../connection/uid-set.ts';

/**
 * The selected folder as the list needs it: which messages, which conversation each belongs to, when it came, read or not.
 * Kept beside the pooled connection and brought up to date with CHANGEDSINCE; vanished messages are found by comparing counts.
 * 100 to 160 bytes a message, gone two minutes after the last request, or when others need the room (memories.ts).
 */
export interface FolderIndex {
  uidValidity: bigint;
  modseq: bigint;
  /** by UID, ascending */
  messages: Map<number, IndexedMessage>;
  /** of a very large folder only the newest messages stand here: from this UID on, and how many are older */
  first: number;
  older: number;
  /** conversations, newest first; null after a change until somebody asks */
  conversations: IndexedConversation[] | null;
}

export interface IndexedConversation {
  threadId: string;
  /** newest first */
  messages: IndexedMessage[];
}

/** The index of the folder that is selected now, up to date. */
export async function currentIndex({ client, memory }: ImapWork, most: number = webLimits.indexed.ofFolder): Promise<FolderIndex> {
  const mailbox = client.mailbox;
  if (mailbox === false) throw new Error('no folder selected');
  const key = `index ${mailbox.path}`;
  const known = memory.get(key) as FolderIndex | undefined;
  if (known && known.uidValidity === mailbox.uidValidity) {
    await bringUpToDate(client, known);
    leaveOutOldest(known, most);
    // where most of the newest are gone, the older ones have their turn
    if (known.older === 0 || known.messages.size > most / 2) return known;
  }
  const index: FolderIndex = {
    uidValidity: mailbox.uidValidity,
    modseq: mailbox.highestModseq ?? 0n,
    messages: new Map(),
    first: 1,
    older: Math.max(0, mailbox.exists - most),
    conversations: null,
  };
  if (index.older > 0) index.first = ((await client.search({ seq: String(index.older + 1) }, { uid: true })) || [])[0] ?? 1;
  if (mailbox.exists > 0) {
    for (const message of await fetchIndex(client, `${index.first}:*`, null)) index.messages.set(message.uid, message);
  }
  memory.set(key, index);
  return index;
}

function leaveOutOldest(index: FolderIndex, most: number): void {
  for (const uid of index.messages.keys()) {
    if (index.messages.size <= most) return;
    index.messages.delete(uid);
    index.first = uid + 1;
    index.older += 1;
    index.conversations = null;
  }
}

const atOnce = 1000;

/** Messages of the selected folder, also those that are too old for its index: a search finds them all. */
export async function indexedMessages({ client }: ImapWork, index: FolderIndex, uids: readonly number[]): Promise<IndexedMessage[]> {
  const found = uids.flatMap((uid) => index.messages.get(uid) ?? []);
  const older = index.older === 0 ? [] : uids.filter((uid) => uid < index.first);
  for (let at = 0; at < older.length; at += atOnce) found.push(...(await fetchIndex(client, uidSet(older.slice(at, at + atOnce)), null)));
  return found;
}

async function bringUpToDate(client: ImapFlow, index: FolderIndex): Promise<void> {
  // The folder may have been selected for long: NOOP brings what the server has not yet told (RFC 9051 section 6.1.2).
  await client.noop();
  const mailbox = client.mailbox;
  if (mailbox === false) throw new Error('no folder selected');
  const startedAt = mailbox.highestModseq ?? 0n;
  if (mailbox.exists === 0) {
    if (index.messages.size > 0) index.conversations = null;
    index.messages.clear();
    index.older = 0;
    index.modseq = startedAt;
    return;
  }
  // Without CONDSTORE (no mod-sequence known) everything is read again.
  for (const message of await fetchIndex(client, `${index.first}:*`, index.modseq > 0n ? index.modseq : null)) {
    index.messages.set(message.uid, message);
    index.conversations = null;
  }
  if (index.older + index.messages.size !== mailbox.exists) {
    const present = new Set((await client.search({ uid: `${index.first}:*` }, { uid: true })) || []);
    index.older = mailbox.exists - present.size;
    for (const uid of index.messages.keys()) if (!present.has(uid)) index.messages.delete(uid);
    index.conversations = null;
  }
  // Never ahead of what was read: a change that came while reading is read again next time.
  index.modseq = startedAt;
}

type Arrival = Pick<IndexedMessage, 'date' | 'threadId' | 'uid'>;

/**
 * Newest first. Letters of one second stand in the order of their conversations, which a move there and back does not change, as it does the
 * UID.
 */
export const byArrival = (a: Arrival, b: Arrival): number =>
  b.date - a.date || b.threadId.length - a.threadId.length || compare(b.threadId, a.threadId) || b.uid - a.uid;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Conversations of the folder, newest first. A conversation stands where its newest message stands. */
export function conversationsOf(index: FolderIndex): IndexedConversation[] {
  if (index.conversations) return index.conversations;
  const byNewest = [...index.messages.values()].filter((message) => !message.deleted).sort(byArrival);
  const byThread = new Map<string, IndexedConversation>();
  for (const message of byNewest) {
    const conversation = byThread.get(message.threadId);
    if (conversation) conversation.messages.push(message);
    else byThread.set(message.threadId, { threadId: message.threadId, messages: [message] });
  }
  index.conversations = [...byThread.values()];
  return index.conversations;
}
