import type { AccountId } from '../../lib/db/ids.ts';
import type { Provenance } from '../../lib/mime/judgement.ts';
import type { MessageIndex } from '../../lib/mime/message-index.ts';
import type { NewQueueMessage } from './queue/queue-store.ts';
import type { NewWithheld } from './withheld-letters.ts';
import type { KeywordChange, KeywordSets } from './keyword-sets.ts';

/** System flags are bits 0 to 4 of a message's flags; above them stands the number of its set of keywords (see keyword-sets.ts). */
export const Flag = { Seen: 1n, Answered: 2n, Flagged: 4n, Deleted: 8n, Draft: 16n } as const;

export const SYSTEM_FLAGS = 31n;

/** Folder 1 of every account is INBOX. */
export const INBOX_ID = 1;

export interface FolderInfo {
  folderId: number;
  /** UTF-8, hierarchy separator "/", INBOX in capitals */
  name: string;
  uidvalidity: number;
  /** "\\Drafts", "\\Sent", "\\Archive", "\\Junk", "\\Trash", … or null */
  specialUse: string | null;
}

export interface FolderStatus {
  messages: number;
  unseen: number;
  deleted: number;
  uidnext: number;
  uidvalidity: number;
  highestmodseq: number;
  bytes: number;
  /** messages that no session was told as \Recent yet; 0 where it was not asked for */
  recent: number;
  /** bytes of messages that are \Deleted; 0 where it was not asked for */
  deletedBytes: number;
}

/** What of a status has to be counted, and is only where it is asked for. */
export interface StatusCounts {
  recent?: boolean;
  deletedBytes?: boolean;
}

/** UID ranges, ascending, not overlapping: [[1, 5], [7, 7]]. */
export type UidRanges = ReadonlyArray<readonly [low: number, high: number]>;

/**
 * An immutable picture of a folder at one MODSEQ: parallel typed arrays in UID order, `count` entries each (the arrays may be longer).
 * Shared by all sessions of a process. The newest one comes from `MailStore.snapshot`.
 */
export interface FolderSnapshot {
  readonly accountId: AccountId;
  readonly folderId: number;
  readonly highestmodseq: number;
  readonly uidnext: number;
  readonly count: number;
  readonly uids: Uint32Array;
  readonly flags: BigUint64Array;
  readonly modseqs: Float64Array;
  readonly messageIds: Float64Array;
}

/** What one SELECT of `message` can bring; ask for what the answer needs. */
export type MessageColumn =
  | 'received'
  | 'size'
  | 'thread'
  | 'header'
  | 'envelope'
  | 'body'
  | 'bodystructure'
  | 'parts'
  | 'preview'
  | 'provenance'
  /** where the letters of its conversation lie, in all folders */
  | 'conversation'
  | 'content'
  /** the content of messages up to 1 MiB, without that of larger ones: those are read piece by piece with readContent */
  | 'small-content';

export interface StoredMessage {
  messageId: number;
  receivedMs?: number;
  size?: number;
  threadId?: number;
  /** header block with its empty line */
  header?: Buffer;
  /** wire bytes of ENVELOPE, BODY, BODYSTRUCTURE */
  envelope?: Buffer;
  body?: Buffer;
  bodystructure?: Buffer;
  /** see mime/part-map.ts */
  parts?: Buffer;
  preview?: string;
  provenance?: Provenance;
  /** JSON: [[folder, UID, letter]], see read-messages.ts */
  conversation?: string;
  /** everything behind the header, as it came */
  content?: Buffer;
}

export interface NewMessage {
  /** the whole message, byte-exact, CRLF line ends as received */
  raw: Buffer;
  index: MessageIndex;
  /** system flags */
  flags: bigint;
  /** a letter is never refused for its keywords: those beyond what an account can have are left out */
  keywords?: readonly string[];
  /** INTERNALDATE in ms since the epoch; null: now */
  receivedMs: number | null;
  /** how it came and what was found out about it; absent: unknown */
  provenance?: Provenance;
}

/** A copy for a folder of the mailbox, which is made in the same transaction where it has to be. */
export interface DecidedCopy {
  /** null: INBOX */
  folderId: number | null;
  /** made if it is not there yet */
  create: string | null;
  message: NewMessage;
}

/** Everything that a letter becomes in one mailbox. */
export interface Decided {
  account: AccountId;
  /** see delivery_key: the whole is done once, however often it is tried */
  key: Buffer;
  /** what the same letter has that comes by another way at the same time: where that has it, nothing is done */
  sharedKey: Buffer | null;
  copies: readonly DecidedCopy[];
  outgoing: readonly NewQueueMessage[];
  /** what goes to the customer's quarantine instead */
  withheld: readonly NewWithheld[];
  /** letters that go out only if the mailbox does not remember having sent such a one; and what it remembers then */
  once: readonly { key: Buffer; seconds: number; message: NewQueueMessage | null; anew: boolean }[];
}

export interface Appended {
  messageId: number;
  threadId: number;
  folderId: number;
  uid: number;
  uidvalidity: number;
  modseq: number;
}

/** What was committed of a letter in one mailbox: its copies there, and how many letters go out because of it. */
export interface Delivered {
  appended: Appended[];
  queued: number;
}

/** The new system flags are (flags | set) & ~clear. */
export interface FlagChange {
  set?: bigint;
  clear?: bigint;
  keywords?: KeywordChange;
  /** messages with a higher MODSEQ are left alone and reported */
  unchangedSince?: number | null;
}

export interface StoredFlags {
  modseq: number;
  changed: UidRanges;
  modified: UidRanges;
  /** how many of the messages named are there */
  found: number;
  /** what became of each set of keywords that was met; null where keywords were not asked for */
  sets: ReadonlyMap<number, number> | null;
}

/** A text that must occur in (substring, after normalisation) part of a message. */
export interface TextCriterion {
  field: 'subject' | 'from' | 'to' | 'cc' | 'body' | 'text';
  /** as the client gave it, decoded; the store normalises it */
  pattern: string;
}

export interface MatchOptions {
  any?: boolean;
  signal?: AbortSignal;
}

export interface SortKeys {
  messageId: number;
  /** Date header in ms, or null */
  sentMs: number | null;
  baseSubject: string;
  from: string;
  to: string;
  cc: string;
}

/** A hint that an account changed; `modseq` where the sender knows it. Never the truth: read the change log. */
export type ChangeListener = (accountId: AccountId) => void;

/**
 * The mail store. Every method is one transaction of one account; a promise that resolved is committed (fsynced).
 * Errors are StoreError with a code of store/store-error.ts; anything else is a failure of the database ("Unavailable").
 * `signal`: whoever asks is gone; what is still to be read is not read, and what runs in the database is cancelled.
 */
export interface MailStore {
  folders(account: AccountId): Promise<FolderInfo[]>;
  findFolder(account: AccountId, name: string): Promise<FolderInfo | null>;
  /** Makes missing parents. FolderExists, NotAllowed (special use taken), TooManyFolders. */
  createFolder(account: AccountId, name: string, specialUse?: string | null): Promise<FolderInfo>;
  /** UnknownFolder, NotAllowed (INBOX), FolderHasChildren. */
  deleteFolder(account: AccountId, name: string): Promise<void>;
  /** Children move along; INBOX: its messages move. UnknownFolder, FolderExists, NotAllowed, TooManyFolders. */
  renameFolder(account: AccountId, from: string, to: string): Promise<void>;
  subscriptions(account: AccountId): Promise<Set<string>>;
  /** TooManyFolders. */
  setSubscription(account: AccountId, name: string, subscribed: boolean): Promise<void>;

  status(account: AccountId, folderId: number, counts?: StatusCounts): Promise<FolderStatus>;
  statuses(account: AccountId, counts: StatusCounts): Promise<Map<number, FolderStatus>>;
  quota(account: AccountId): Promise<{ usedBytes: number; quotaBytes: number; usedMessages: number }>;

  /** The names of all keyword sets in `needed`, and perhaps others. */
  keywordSets(account: AccountId, needed: Iterable<number>): Promise<KeywordSets>;

  /** The newest committed picture of a folder. UnknownFolder. */
  snapshot(account: AccountId, folderId: number): Promise<FolderSnapshot>;
  /** The picture that is in memory if no hint says that it is old; no round trip then. */
  cachedSnapshot(account: AccountId, folderId: number): Promise<FolderSnapshot>;
  /** UIDs (inclusive) that no session reported as \\Recent yet, or null: they are the caller's, and nobody else gets them. */
  claimRecent(account: AccountId, folderId: number): Promise<[low: number, high: number] | null>;

  /** All or none. OverQuota, UnknownFolder. */
  append(account: AccountId, folderId: number, messages: readonly NewMessage[]): Promise<Appended[]>;
  /**
   * Delivers to INBOX (or folderId). `key`: see delivery_key. Null when the key says that it is stored already.
   * OverQuota, UnknownAccount.
   */
  deliver(account: AccountId, message: NewMessage, key: Buffer | null, folderId?: number): Promise<Appended | null>;
  /** Everything that rules made of a letter, in one transaction. Null when its key says that it is done already. OverQuota, UnknownAccount. */
  deliverDecided(decided: Decided): Promise<Delivered | null>;
  /** The answer for this key has been sent: forget it (batched, in the background). */
  acknowledge(account: AccountId, key: Buffer): void;

  /** TooManyKeywords. */
  storeFlags(account: AccountId, folderId: number, ranges: UidRanges, change: FlagChange): Promise<StoredFlags>;
  /** OverQuota (copy), UnknownFolder. source[i] became target[i]. */
  copy(
    account: AccountId,
    from: number,
    to: number,
    ranges: UidRanges,
    move: boolean,
  ): Promise<{ modseq: number; uidvalidity: number; source: number[]; target: number[] }>;
  /** Removes what is \Deleted in the ranges; with `any` everything in them. */
  expunge(account: AccountId, folderId: number, ranges: UidRanges, any?: boolean): Promise<{ modseq: number; vanished: UidRanges }>;

  /** Messages in the order of the ids, in chunks bounded by count and bytes, the next chunk read while one is used. */
  readMessages(
    account: AccountId,
    messageIds: readonly number[],
    columns: readonly MessageColumn[],
    signal?: AbortSignal,
  ): AsyncIterable<StoredMessage[]>;
  /** `length` bytes of content from `offset` (content = what follows the header), without loading the rest where that can be avoided. */
  readContent(account: AccountId, messageId: number, offset: number, length: number, signal?: AbortSignal): Promise<Buffer>;

  /** Those of `messageIds` that match all criteria, or with `any` at least one (substring, case-insensitive, RFC 3501 SEARCH). */
  matchText(
    account: AccountId,
    messageIds: readonly number[],
    criteria: readonly TextCriterion[],
    options?: MatchOptions,
  ): Promise<Set<number>>;
  sortKeys(account: AccountId, messageIds: readonly number[], signal?: AbortSignal): Promise<Map<number, SortKeys>>;

  /** Calls back when an account may have changed (this process at once, others within ~10 ms). Returns the end of it. */
  onChange(account: AccountId, listener: ChangeListener): () => void;
}
