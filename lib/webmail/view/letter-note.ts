/** Why a letter looks other than it was sent, or what it is besides its text; each has a sentence in the messages `mail.read.notes`. */
export type LetterNote =
  | 'pgp-encrypted'
  | 'smime-encrypted'
  | 'smime-signed'
  | 'pgp-signature'
  | 'smime-signature'
  | 'tnef-unreadable'
  /** one piece of a message that was cut to be sent */
  | 'partial'
  /** it asks to be filled in, which cannot be done here */
  | 'form'
  /** not built in time, or too large to build: the bare text stands there */
  | 'plain-only';
