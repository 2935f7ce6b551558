import type { Released } from '../../mime/judgement.ts';
import type { CalendarInvitation } from '../calendar/invitation.ts';
import type { InvitationAnswer } from '../calendar/reply.ts';
import type { DeliveryOutcome } from '../view/delivery-outcome.ts';
import type { JunkReason } from '../trust/junk-reasons.ts';
import type { LetterNote } from '../view/letter-note.ts';
import type { SignatureFinding } from '../view/smime.ts';
import type { TextBlock } from '../view/text-blocks.ts';

/** What the routes of letters that are read say to the page. Plain data: no Buffer, no Date, no Map. */

export interface Person {
  /** may be empty */
  name: string;
  /** as it stands in the message; may be empty or invalid */
  address: string;
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
  /** domain of the author's organisation, where it vouches for the letter, and not everybody has an address or writes to a list there; empty otherwise */
  house: string;
  /** results in the words of RFC 8601, for the details: "spf=pass", "dkim=pass (muster.at)" */
  results: string[];
  /** address that an answer would go to when its domain differs from the sender's; empty otherwise */
  replyTo: string;
  /** why our filter put the letter into Junk; null where it did not */
  junk: JunkReason[] | null;
  /** the name is that of a known house and the address is not: our filter is sure of it, wherever the letter lies */
  borrowsName: boolean;
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
  /** written by the reader (lib/webmail/trust/trust.ts) */
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
  /** beside what was signed stands what was not */
  ofPart: boolean;
}

/** What an invitation says of its event, as far as people go by it. */
export interface EventSaid extends Pick<CalendarInvitation, 'title' | 'start' | 'end'> {
  place: string;
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
  /** what of the event was another before, empty where it was the same; null: nothing was, or nobody knows */
  saidBefore: EventSaid | null;
  /** a newer letter about the event came in */
  outdated: boolean;
  cancelled: boolean;
  mayAnswer: boolean;
}

export interface MailMessage extends MessageHead {
  /** who says to have passed it on as it came, the last time (Resent-From); nobody vouches for it */
  passedOnBy: Person[];
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
