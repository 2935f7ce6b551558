import type { Person } from './mail-message.ts';

/** What the routes of folders and lists say to the page. Plain data: no Buffer, no Date, no Map. */

export type SpecialUse = 'inbox' | 'drafts' | 'sent' | 'archive' | 'junk' | 'trash';

export interface MailFolder {
  /** IMAP name, UTF-8, levels divided by "/" */
  path: string;
  /** last level of the path; special folders are named by the reader's language instead */
  name: string;
  depth: number;
  specialUse: SpecialUse | null;
  selectable: boolean;
  total: number;
  unread: number;
}

export interface StorageUse {
  usedBytes: number;
  limitBytes: number;
}

export interface FolderList {
  folders: MailFolder[];
  /** null if the server names no limit */
  storage: StorageUse | null;
}

export type ListFilter = 'all' | 'unread' | 'attachment';

/** One row of the list: a conversation as far as it lies in this folder, shown by its newest message. */
export interface ConversationRow {
  /** newest message of the conversation in this folder */
  uid: number;
  /** every message of it in this folder, newest first */
  uids: number[];
  threadId: string;
  folder: string;
  from: Person[];
  to: Person[];
  subject: string;
  preview: string;
  /** ISO 8601 instant */
  date: string;
  sizeBytes: number;
  unread: boolean;
  flagged: boolean;
  answered: boolean;
  forwarded: boolean;
  draft: boolean;
  attachment: boolean;
  /** words that were given to one of its letters here (labels.ts) */
  labels: string[];
  /** letters of the conversation, in all folders */
  count: number;
}

export interface ListWindow {
  folder: string;
  uidValidity: string;
  /** grows with every change of the folder */
  modseq: string;
  /** conversations that pass the filter */
  total: number;
  /** unread messages of the folder */
  unread: number;
  /** position of the first row, newest conversation = 0 */
  from: number;
  rows: ConversationRow[];
}

/** Answer of a move or deletion: where the messages are now, so that it can be taken back. */
export interface MoveResult {
  from: string;
  /** null: deleted for good */
  to: string | null;
  /** uids in `to`; empty if the server did not tell */
  uids: number[];
}

/** Server-sent events: what changed, never what it is. `crowded`: not listened to here, ask now and then. */
export type MailEvent =
  | { kind: 'ready' }
  | { kind: 'crowded' }
  | { kind: 'new'; folder: string; count: number }
  | { kind: 'changed'; folder: string };

/** Problem details (RFC 9457) of every mail route. */
export interface MailProblem {
  type: 'about:blank';
  status: number;
  title: string;
  detail: string;
  code: string;
}
