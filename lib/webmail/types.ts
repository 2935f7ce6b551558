import type { Released } from '../mime/judgement.ts';
import type { CalendarInvitation } from './calendar-invitation.ts';
import type { InvitationAnswer } from './calendar-reply.ts';
import type { DeliveryOutcome } from './delivery-outcome.ts';
import type { JunkReason } from './junk-reasons.ts';
import type { LetterNote } from './letter-note.ts';
import type { SignatureFinding } from './smime.ts';
import type { TextBlock } from './text-blocks.ts';

/** What the mail routes and the webmail's components say to each other. Plain data: no Buffer, no Date, no Map. */

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

export interface Person {
  /** may be empty */
  name: string;
  /** as it stands in the message; may be empty or invalid */
  address: string;
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

export interface Attachment {
  /** IMAP section number; behind each "/" the number of a part inside: of a letter, or of winmail.dat */
  part: string;
  name: string;
  type: string;
  /** bytes after decoding; estimated from the encoded size */
  sizeBytes: number;
  /** may be opened in the browser: images without script, PDF, plain text */
  opens: boolean;
  /** a letter: opens in place */
  letter: boolean;
}

/**
 * - verified: the domain of the author vouches for him
 * - house: submitted on this host by somebody who had signed in, or written by it
 * - warning: a check that should have passed did not
 * - neutral: nothing speaks for the sender and nothing against him
 */
export type TrustVerdict = 'verified' | 'house' | 'warning' | 'neutral';

export interface Trust {
  verdict: TrustVerdict;
  /** the domain of the author, as people read it */
  domain: string;
  /** results in the words of RFC 8601, for the details: "spf=pass", "dkim=pass (muster.at)" */
  results: string[];
  /** address that an answer would go to when its domain differs from the sender's; empty otherwise */
  replyTo: string;
  /** why our filter put the letter into Junk; null where it did not */
  junk: JunkReason[] | null;
  /** why it was in quarantine, from where somebody released it; null: it was not */
  released: Released | null;
}

export interface MessageBody {
  /** sanitised, for the frame without script; empty if the message has only text */
  html: string;
  /** plain text in blocks; empty if there is HTML */
  blocks: TextBlock[];
  blockedImages: number;
  removedTrackers: number;
  /** the text was longer than what is shown */
  cut: boolean;
  /** what it is besides its text, or why it looks other than it was sent */
  notes: LetterNote[];
  calendar: CalendarInvitation | null;
  outcomes: DeliveryOutcome[];
  /** what it quotes at its end stands in the conversation already, with nothing added: it may be folded */
  foldable: boolean;
}

export interface MessageHead {
  folder: string;
  uid: number;
  threadId: string;
  messageId: string;
  from: Person[];
  to: Person[];
  cc: Person[];
  bcc: Person[];
  replyTo: Person[];
  subject: string;
  date: string;
  preview: string;
  unread: boolean;
  flagged: boolean;
  answered: boolean;
  draft: boolean;
  labels: string[];
  /** written by the reader (lib/webmail/trust.ts) */
  own: boolean;
}

/**
 * - one-click: our server asks the list's (RFC 8058), when the list's domain vouches for the wish
 * - letter: a letter to the address of the list
 * - page: a page that the reader opens
 */
export interface Unsubscribe {
  how: 'one-click' | 'letter' | 'page';
  /** host or address that is asked */
  where: string;
  /** address of the page; empty for the others */
  href: string;
}

/** An S/MIME signature that was checked. */
export interface LetterSignature extends SignatureFinding {
  /** its certificate is for the address that the letter says it is from */
  ofAuthor: boolean;
}

export interface InvitationState {
  /** the reader's answer to this state of the event; empty: none yet */
  answer: InvitationAnswer | '';
  /** the reader's answer to an earlier state */
  before: InvitationAnswer | '';
  /** ISO 8601, empty if never */
  answeredAt: string;
  /** changes an earlier invitation */
  update: boolean;
  /** a newer letter about the event came in */
  outdated: boolean;
  cancelled: boolean;
  mayAnswer: boolean;
}

export interface MailMessage extends MessageHead {
  body: MessageBody;
  attachments: Attachment[];
  trust: Trust;
  /** what the reader may do with the invitation in it, and did; null: it is none */
  invitation: InvitationState | null;
  signature: LetterSignature | null;
  /** how its sender lets oneself be taken off the list; null: not at all */
  unsubscribe: Unsubscribe | null;
  /** its remote pictures are loaded without asking */
  picturesTrusted: boolean;
  sizeBytes: number;
  /** Message-IDs of what it answers */
  answers: string[];
}

/** A letter that came as an attachment, opened in place. */
export interface InnerLetter {
  from: Person[];
  to: Person[];
  cc: Person[];
  subject: string;
  /** ISO 8601, empty if none */
  date: string;
  body: MessageBody;
  attachments: Attachment[];
}

export interface Conversation {
  subject: string;
  threadId: string;
  /** oldest first */
  messages: MessageHead[];
  /** the message that was asked for, whole */
  open: MailMessage;
  /** so many letters before these are not in `messages`: it is a very long one */
  older: number;
}

export interface MessageReference {
  folder: string;
  uid: number;
}

/** Answer of a move or deletion: where the messages are now, so that it can be taken back. */
export interface MoveResult {
  from: string;
  /** null: deleted for good */
  to: string | null;
  /** uids in `to`; empty if the server did not tell */
  uids: number[];
}

export interface StoredUpload {
  id: string;
  name: string;
  type: string;
  sizeBytes: number;
  /** set: a picture in the text, referred to by this Content-ID; it goes out only while the text shows it */
  contentId?: string | undefined;
}

/** Somebody's address to write from, with what belongs to it. */
export interface WritesAs {
  address: string;
  name: string;
  /** empty: answers come to the address itself */
  replyTo: string;
  /** HTML; empty: none */
  signature: string;
}

/** What a mailbox's user has chosen for the webmail; empty text: nothing chosen. */
export interface MailSettings {
  /** IANA name; empty: the browser's */
  timeZone: string;
  /** address of new letters; empty: the mailbox's own */
  defaultFrom: string;
  /** seconds in which a letter can be taken back, 0 to 30 */
  undoSeconds: number;
  /** keys of one letter */
  shortcuts: boolean;
  /** new letters begin as plain text */
  plainText: boolean;
  /** remote pictures: ask, load from people one has written to, always load */
  pictures: 'ask' | 'known' | 'always';
  darkLetters: boolean;
}

export type ComposeKind = 'new' | 'reply' | 'reply-all' | 'forward' | 'draft';

/** What a letter can be prepared from a message; `forward-whole`: with the message itself as an attachment, to the byte. */
export type PrepareKind = Exclude<ComposeKind, 'new'> | 'forward-whole';

/** A letter as the compose window holds it, and as it is sent to be kept or sent out. */
export interface Letter {
  /** made by the page once per letter: names the draft and makes sending idempotent */
  id: string;
  kind: ComposeKind;
  /** the chosen address to write from; null: the one of new letters */
  from: Person | null;
  to: Person[];
  cc: Person[];
  bcc: Person[];
  subject: string;
  /** HTML of the editor, with a place for each carried block; empty when plain */
  html: string;
  text: string;
  /** what is carried as it is: the original of an answer, parts of a draft that the editor cannot hold */
  /** goes along as a calendar object of METHOD:REPLY; set by our server only */
  calendar?: string;
  blocks: CarriedBlock[];
  uploads: StoredUpload[];
  inReplyTo: string;
  references: string[];
  /** message that is answered or forwarded, to be marked after sending */
  source: MessageReference | null;
  /** where the draft lies now */
  draft: MessageReference | null;
  /** a draft of another program: whom its answers shall go to, and what else its writer chose there */
  replyTo?: Person[] | undefined;
  fields?: { name: string; value: string }[] | undefined;
  /** the window that writes it: a save of its own whose answer was lost is no change by somebody else */
  writer?: string | undefined;
  /** milliseconds since 1970: when that window gave this version; of two, the later one counts, in whatever order they arrive */
  givenAt?: number | undefined;
}

/** HTML that the server has made safe, in a letter that is being written. The editor shows it and does not touch it. */
export interface CarriedBlock {
  id: string;
  html: string;
}

export interface DraftSaved {
  /** the letter's id from here on: another one after a conflict */
  id: string;
  draft: MessageReference;
  savedAt: string;
  /** the draft was changed elsewhere since this page read it: both versions are kept */
  conflict: boolean;
}

export interface LetterSent {
  /** recipients the server refused, with its words; the others got it */
  refused: { address: string; reason: string }[];
  /** false: it was sent, but no copy could be kept in Sent */
  copyKept: boolean;
  /** ISO 8601: it leaves then and can be taken back until then; empty: it has left */
  leavesAt: string;
}

/** A letter that waits to leave. */
export interface HeldLetter {
  id: string;
  subject: string;
  to: Person[];
  leavesAt: string;
}

/** Server-sent events: what changed, never what it is. */
/** crowded: not listened to here, ask now and then. */
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
