import type { Provenance } from '../../lib/mime/judgement.ts';

/**
 * What speaks for or against a letter, as a code with data; the sentences are in the message files of the web ("im Spam, weil …").
 * Codes are stored with letters, so one that was used once keeps its meaning.
 */
export type ReasonCode =
  // who sent it
  | 'author-failed'
  | 'author-unvouched'
  | 'sender-refused-by-domain'
  | 'policy-quarantine'
  | 'author-domain-without-mail'
  | 'host-without-name'
  | 'host-greets-falsely'
  | 'host-listed'
  | 'reply-elsewhere'
  | 'name-shows-other-address'
  | 'name-of-brand'
  // the same, and beyond doubt: told above the letter wherever it lies
  | 'name-is-brand'
  | 'author-misnamed'
  | 'sender-cheap-domain'
  | 'sender-odd-domain'
  | 'offer-from-free-mail'
  // how it is made
  | 'no-date'
  | 'no-message-id'
  | 'date-far-away'
  | 'hidden-text'
  | 'only-pictures'
  | 'only-link'
  | 'disguised-letters'
  | 'invisible-characters'
  | 'shouting'
  | 'form-in-letter'
  | 'dangerous-attachment'
  | 'attachment-deceives'
  | 'undisclosed-recipients'
  | 'chance-letters'
  | 'greets-address'
  // where it leads
  | 'link-pretends'
  | 'link-to-number'
  | 'link-shortened'
  | 'link-disguised'
  | 'link-with-sign-in'
  | 'link-of-brand'
  | 'link-elsewhere'
  // what it says
  | 'words-inheritance'
  | 'words-winnings'
  | 'words-investment'
  | 'words-medicine'
  | 'words-adult'
  | 'words-loan'
  | 'words-account'
  | 'words-parcel'
  | 'words-extortion'
  | 'words-marketing'
  | 'words-job'
  | 'words-pressure'
  | 'words-deceit'
  // what it is like as a whole
  | 'reads-like-spam'
  | 'learnt-spam'
  // others' filters
  | 'rspamd'
  // what speaks for it
  | 'known-correspondent'
  | 'colleague'
  | 'answers-letter'
  | 'author-attested'
  | 'wanted-list'
  | 'learnt-ham';

export interface Reason {
  code: ReasonCode;
  /** negative: speaks for the letter */
  points: number;
  /** what it is about: a host, a name, a word */
  data?: string;
}

/** What checkArrival finds. */
const ofArrival = new Set<string>([
  'host-without-name',
  'host-greets-falsely',
  'author-domain-without-mail',
  'host-listed',
  'rspamd',
] satisfies ReasonCode[]);

/**
 * What the door found out of where a letter came from. What a mailbox's filter added before that mailbox passed it on was its own judgement: the
 * next one makes its own, and would count all that twice.
 */
export const arrivalOf = ({ spam }: Pick<Provenance, 'spam'>): Reason[] =>
  ((spam?.reasons ?? []) as Reason[]).filter(({ code }) => ofArrival.has(code));
