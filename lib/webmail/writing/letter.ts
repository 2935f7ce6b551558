import type { MessageReference, Person } from '../reading/mail-message.ts';

/** What the page and the routes of letters that are written say to each other. Plain data: no Buffer, no Date, no Map. */

/** Files of one letter, pictures in its text among them. */
export const mostUploads = 200;

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

/** What a letter can be prepared from a message; `forward-whole`: with the message itself as an attachment, to the byte; `as-new`: the same once more. */
export type PrepareKind = Exclude<ComposeKind, 'new'> | 'forward-whole' | 'as-new';

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
  /** goes along as a calendar object of METHOD:REPLY; set by our server only */
  calendar?: string;
  /** what is carried as it is: the original of an answer, parts of a draft that the editor cannot hold */
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
  /** milliseconds since 1970: when that window wrote this version, or gave it to be sent; of two, the later one counts, in whatever order they arrive */
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
  /** its window gave a later version, which stays and lies at `draft`; this one is kept nowhere */
  overtaken?: true;
}

export interface LetterSent {
  /** recipients the server refused, with its words; the others got it */
  refused: { address: string; reason: string }[];
  /** false: it was sent, but no copy could be kept in Sent */
  copyKept: boolean;
  /** ISO 8601: it leaves then and can be taken back until then; empty: it has left */
  leavesAt: string;
}

/** As its page hears it. */
export interface LetterGiven extends LetterSent {
  /** how much of the time is left: clocks of browsers are wrong */
  leavesInMs: number;
}

/** A letter that was passed on as it came. */
export interface LetterRedirected extends Pick<LetterSent, 'refused' | 'leavesAt'> {
  /** names it as long as it can be taken back; empty: it has left */
  held: string;
  /** the letter was not marked as forwarded before */
  marked: boolean;
}

/** A letter that was sent a moment ago and can still be taken back, by the press it was sent with. */
export interface LetterLeaving {
  letter: Letter;
  press: string;
  /** by the server's clock */
  leavesInMs: number;
}

/** A letter that waits to leave. */
export interface HeldLetter {
  id: string;
  subject: string;
  to: Person[];
  leavesAt: string;
}
