import type { Header } from '../letter/header.ts';

export interface Keep {
  kind: 'keep';
  flags: readonly string[];
  /** header of this copy; the letter's own where nothing was edited */
  header: Header;
}

export interface FileInto {
  kind: 'fileinto';
  /** UTF-8, as the script has it */
  mailbox: string;
  flags: readonly string[];
  header: Header;
  create: boolean;
  /** taken instead of the mailbox if the account has one with it (RFC 8579) */
  specialUse: string | null;
  /** taken instead of both if the account has it (RFC 9042) */
  mailboxId: string | null;
  copy: boolean;
  /** the script gives the flags before it says that this is a copy; only for those who print it */
  flagsFirst: boolean;
}

export interface Redirect {
  kind: 'redirect';
  address: string;
  header: Header;
  copy: boolean;
}

export interface Reject {
  kind: 'reject';
  /** ereject: refuse in the SMTP dialogue rather than answer */
  inProtocol: boolean;
  reason: string;
}

export interface Vacation {
  kind: 'vacation';
  /** address that is answered */
  to: string;
  seconds: number;
  subject: string | null;
  from: string | null;
  /** as the script gives it */
  handle: string | null;
  /** tells one answer from another: one sender gets each once in `seconds` */
  memoryKey: string;
  mime: boolean;
  reason: string;
  /** why it must not be sent (RFC 3834, RFC 5230); null if it may */
  withheld: string | null;
}

export interface Notify {
  kind: 'notify';
  method: 'mailto';
  importance: 1 | 2 | 3;
  subject: string | null;
  from: string | null;
  recipients: readonly { field: 'To' | 'Cc'; address: string }[];
  headers: readonly { name: string; value: string }[];
  body: string | null;
  withheld: string | null;
}

/** Remember this id once the letter is delivered (RFC 7352). */
export interface TrackDuplicate {
  kind: 'track';
  /** as the script gives it; none and an empty one remember together */
  handle: string | null;
  id: string;
  seconds: number;
  last: boolean;
}

export interface Discard {
  kind: 'discard';
}

export type Action = Keep | FileInto | Redirect | Reject | Vacation | Notify | TrackDuplicate | Discard;

/** What a script decided. Nothing of it is done yet. */
export interface Outcome {
  /** in the order of the script; the same twice is there once */
  actions: readonly Action[];
  /** null if an action cancelled it */
  implicitKeep: Keep | null;
  /** the script failed: the actions are dropped for the implicit keep */
  failure: { line: number; sentence: string; script: string } | null;
  /** it failed because it takes more than it was allowed here */
  tooMuch: boolean;
}
