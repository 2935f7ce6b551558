import type { SpamVerdict } from '../../mime/judgement.ts';

/**
 * What the page has a sentence for (mail.read.junk.*); what was stored by a newer server has none here and is left out, and so is
 * `name-is-brand`, which is told as a caution wherever the letter lies.
 */
const told = [
  'author-failed',
  'author-unvouched',
  'policy-quarantine',
  'author-domain-without-mail',
  'host-without-name',
  'host-greets-falsely',
  'host-listed',
  'reply-elsewhere',
  'name-shows-other-address',
  'name-of-brand',
  'author-misnamed',
  'sender-cheap-domain',
  'sender-odd-domain',
  'offer-from-free-mail',
  'no-date',
  'no-message-id',
  'date-far-away',
  'hidden-text',
  'only-pictures',
  'only-link',
  'disguised-letters',
  'invisible-characters',
  'shouting',
  'form-in-letter',
  'dangerous-attachment',
  'attachment-deceives',
  'undisclosed-recipients',
  'chance-letters',
  'greets-address',
  'link-pretends',
  'link-to-number',
  'link-shortened',
  'link-disguised',
  'link-with-sign-in',
  'link-of-brand',
  'link-elsewhere',
  'words-inheritance',
  'words-winnings',
  'words-investment',
  'words-medicine',
  'words-adult',
  'words-loan',
  'words-account',
  'words-parcel',
  'words-extortion',
  'words-marketing',
  'words-job',
  'words-pressure',
  'words-deceit',
  'reads-like-spam',
  'learnt-spam',
  'rspamd',
] as const;
type JunkCode = (typeof told)[number];

/** A code that the message files have a sentence for, and what it is about. */
export interface JunkReason {
  code: JunkCode;
  data: string;
}

const isTold = (code: string): code is JunkCode => told.some((each) => each === code);
const mostTold = 3;

/** Why our filter put a letter into Junk, the strongest reasons first; null where it did not. */
export function junkReasons(spam: SpamVerdict | undefined): JunkReason[] | null {
  if (!spam?.junk) return null;
  const reasons: JunkReason[] = [];
  for (const { code, points, data } of spam.reasons) {
    if (points > 0 && isTold(code) && reasons.length < mostTold) reasons.push({ code, data: data ?? '' });
  }
  return reasons;
}
