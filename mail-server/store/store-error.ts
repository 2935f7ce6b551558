/**
 * Expected failures of the store, each mapped once per protocol:
 * - UnknownAccount: the mailbox is gone (deleted meanwhile). Do not retry.
 * - OverQuota: the mailbox is full. Retry later or free space.
 * - UnknownFolder: no such folder (or deleted meanwhile).
 * - FolderExists: a folder of that name is there already.
 * - NotAllowed: this folder cannot be changed so (INBOX, a special use that is taken, a folder below itself).
 * - FolderHasChildren: delete or move the children first.
 * - TooManyFolders: as many folders, or subscriptions, as a mailbox may have.
 * - TooManyKeywords: a message, or the account, would have more keywords than it can (1,000; 100,000).
 * - QuarantineFull: the letter is one for a quarantine that has no room. Retry later.
 * - Unavailable: the database does not answer; nothing was changed that was not acknowledged. Retry.
 */
export type StoreErrorCode =
  | 'UnknownAccount'
  | 'OverQuota'
  | 'UnknownFolder'
  | 'FolderExists'
  | 'NotAllowed'
  | 'FolderHasChildren'
  | 'TooManyFolders'
  | 'TooManyKeywords'
  | 'QuarantineFull'
  | 'Unavailable';

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, options?: ErrorOptions) {
    super(code, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
