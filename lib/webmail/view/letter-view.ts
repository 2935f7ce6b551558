import type { ReportHead } from './plain-bounce.ts';
import type { LetterPart } from '../../mime/letter-part.ts';
import type { CarriedPicture } from '../html/carry-html.ts';
import type { PictureNames } from '../html/find-picture.ts';
import type { CalendarInvitation } from '../calendar/invitation.ts';
import type { InvitationAnswer } from '../calendar/reply.ts';
import type { SignatureFinding } from './smime.ts';
import type { FileHolder } from '../files/attachments.ts';
import type { Filter } from '../filters/filter.ts';
import type { Attachment, MessageBody, Person } from '../reading/mail-message.ts';

/** What a worker makes of the bytes of a letter. Plain data. */

export interface LetterView extends Omit<MessageBody, 'foldable'> {
  text: string;
  attachments: Attachment[];
  /** text of the quotation at its end; empty if there is none that could be folded */
  tailQuote: string;
}

export interface InnerLetterView extends LetterView {
  from: Person[];
  to: Person[];
  cc: Person[];
  subject: string;
  /** ISO 8601, empty if none */
  date: string;
}

export interface PartBytes {
  section: string;
  bytes: Uint8Array;
  /** there is more of it */
  cut: boolean;
}

export interface ViewOptions {
  /** address of our route for the parts of this message, up to the section number */
  partAddress: string;
  /** what the numbers of parts begin with: "" or "2/" inside the letter at 2 */
  partPrefix: string;
  images: 'blocked' | 'shown';
  /** signs the addresses of remote pictures */
  imageKey: Uint8Array;
  /** colours with what they become in the dark: for the page; not for an answer */
  dark: boolean;
  /** what its header says if it is a report; null where it names a person: what its text says of deliveries is quoted there */
  report?: ReportHead | null;
  /** how many signatures it stands in: what is signed and what is beside it do not reach each other's styles */
  depth?: number;
  /** characters of HTML or text shown at most */
  characters: number;
}

export type ViewTask =
  | { kind: 'view'; root: LetterPart; parts: PartBytes[]; options: ViewOptions }
  /** a letter inside a letter; `path`: sections of letters within, from the outside in */
  | { kind: 'inner'; container: Uint8Array; encoding: string; path: string[]; options: ViewOptions }
  /** one file out of a container: a part of a letter, a file of winmail.dat or of a text with uuencode in it; without a path the whole, decoded */
  | { kind: 'file'; container: Uint8Array; encoding: string; holds: FileHolder; path: string[] }
  /** `signed`: null where it is inside the signature */
  | { kind: 'signature'; signed: Uint8Array | null; signature: Uint8Array; encoding: string; now: number }
  | { kind: 'source'; root: LetterPart; parts: PartBytes[]; characters: number }
  | {
      kind: 'answer-invitation';
      root: LetterPart;
      parts: PartBytes[];
      /** the reader's addresses, and who answers where none of them is invited by name */
      own: string[];
      fallback: Person;
      answer: InvitationAnswer;
      at: string;
    }
  | { kind: 'carry'; source: string; pictures: CarriedPicture[]; ours?: boolean }
  | { kind: 'plain'; html: string }
  | { kind: 'filter'; filter: Pick<Filter, 'join' | 'conditions'>; letters: FilteredLetter[] };

/** As much of a letter as a filter looks at. */
export interface FilteredLetter {
  bytes: Uint8Array;
  sizeBytes: number;
  dispositions: string[];
}

/** The text of a letter as it was sent: HTML or plain. */
export interface LetterSource {
  /** empty if there is none; then `source` is the plain text */
  html: string;
  source: string;
  cut: boolean;
  /** files that stand inside other parts: in the text itself, in winmail.dat */
  files: Attachment[];
  /** pictures that the HTML may refer to */
  pictures: LetterPicture[];
  /** sections of those that were opened for it: what they hold takes their place */
  opened: string[];
}

export type LetterPicture = Attachment & PictureNames;

export interface InnerFile {
  name: string;
  type: string;
  bytes: Uint8Array;
}

/** An answer to an invitation, ready to be sent. */
export interface InvitationReply {
  reply: string;
  invitation: CalendarInvitation;
}

export type ViewResult =
  | LetterView
  | InnerLetterView
  | InnerFile
  | LetterSource
  | InvitationReply
  | SignatureFinding
  | { carried: string }
  | { plain: string }
  /** which of the letters the filter takes, in their order */
  | { takes: boolean[] }
  | null;
