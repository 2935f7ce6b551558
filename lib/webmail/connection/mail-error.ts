/**
 * Expected failures of the webmail. Each code has a sentence in lib/i18n/messages/{de,en}/mail.json under `errors`.
 *
 * - Unreachable: the mail server does not answer. Try again.
 * - SessionEnded: the sign-in is no longer valid. Sign in again; nothing written is lost.
 * - OtherMailbox: the page shows one mailbox, and meanwhile another one was signed in to in this browser. Nothing was done.
 * - NotFound: the message or folder is gone (deleted or moved elsewhere meanwhile).
 * - InvalidRequest: what the page sent is not valid; a fault of the page.
 * - InvalidRecipient: an address is not valid.
 * - NoRecipient: nobody to send to.
 * - TooManyRecipients: more than one letter may have; the detail says how many that are.
 * - TooLarge: the letter with its attachments, encoded, is larger than allowed.
 * - TooMuch: what was asked for takes longer than it may; nothing was done.
 * - QuotaExceeded: the mailbox is full.
 * - DiskFull: the disk of the database nearly is.
 * - Refused: the mail server refused the letter; its words are in the detail.
 * - OfThisHouse: its author's domain is hosted here, so nobody else passes his letter on in his name (docs/decisions/032).
 * - ListRefused: the server of a mailing list did not take the wish to leave it; its status is in the detail.
 * - ListSilent: it did not answer, or not as itself (certificate). Try again later.
 * - UploadGone: an attachment is no longer in the upload store. Attach it again.
 * - TooManyWindows: this mailbox has as many event streams, downloads or waiting requests as it may.
 * - TakenBack: the letter was taken back before it came. Nothing was sent.
 * - AlreadySent: the letter has left, with another text. What is written now is a letter of its own.
 * - FolderExists: a folder of that name exists.
 * - LettersWait: letters that leave later lie in the folder; it is in its place until they have left.
 */
export type MailErrorCode =
  | 'Unreachable'
  | 'SessionEnded'
  | 'OtherMailbox'
  | 'NotFound'
  | 'InvalidRequest'
  | 'InvalidRecipient'
  | 'NoRecipient'
  | 'TooManyRecipients'
  | 'TooLarge'
  | 'TooMuch'
  | 'QuotaExceeded'
  | 'DiskFull'
  | 'Refused'
  | 'OfThisHouse'
  | 'ListRefused'
  | 'ListSilent'
  | 'UploadGone'
  | 'TooManyWindows'
  | 'TakenBack'
  | 'AlreadySent'
  | 'FolderExists'
  | 'LettersWait';

export const httpStatusOf: Record<MailErrorCode, number> = {
  Unreachable: 503,
  SessionEnded: 401,
  OtherMailbox: 409,
  NotFound: 404,
  InvalidRequest: 400,
  InvalidRecipient: 422,
  NoRecipient: 422,
  TooManyRecipients: 422,
  TooLarge: 413,
  TooMuch: 422,
  QuotaExceeded: 507,
  DiskFull: 507,
  Refused: 422,
  OfThisHouse: 422,
  ListRefused: 502,
  ListSilent: 504,
  UploadGone: 410,
  TooManyWindows: 429,
  TakenBack: 409,
  AlreadySent: 409,
  FolderExists: 409,
  LettersWait: 409,
};

export class MailError extends Error {
  readonly code: MailErrorCode;
  /** the other server's words, an address, a limit: fills {detail} of the sentence */
  readonly detail: string;

  constructor(code: MailErrorCode, detail = '', cause?: unknown) {
    super(detail ? `${code}: ${detail}` : code, { cause });
    this.code = code;
    this.detail = detail;
  }
}
