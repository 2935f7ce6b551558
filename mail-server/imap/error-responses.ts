import type { StoreError, StoreErrorCode } from '../store/store-error.ts';
import { no, type Completion } from './completion.ts';

/** Store errors as IMAP says them (RFC 5530, RFC 9208). Commands that create on demand say TRYCREATE instead of NONEXISTENT. */
const responses: Record<StoreErrorCode, readonly [code: string, text: string]> = {
  UnknownAccount: ['CONTACTADMIN', 'This mailbox does not exist any more'],
  OverQuota: ['OVERQUOTA', 'The mailbox is full'],
  UnknownFolder: ['NONEXISTENT', 'No such mailbox'],
  FolderExists: ['ALREADYEXISTS', 'There is a mailbox of that name already'],
  NotAllowed: ['CANNOT', 'This mailbox cannot be changed so'],
  FolderHasChildren: ['HASCHILDREN', 'Delete or move the mailboxes below it first'],
  TooManyFolders: ['LIMIT', 'There are as many mailboxes as there may be'],
  TooManyKeywords: ['LIMIT', 'No more keywords can be made'],
  QuarantineFull: ['LIMIT', 'The quarantine is full'],
  Unavailable: ['UNAVAILABLE', 'The mail store does not answer, try again later'],
};

export function storeErrorResponse(error: StoreError, tryCreate: boolean): Completion {
  const [code, text] = responses[error.code];
  return no(text, error.code === 'UnknownFolder' && tryCreate ? 'TRYCREATE' : code);
}
