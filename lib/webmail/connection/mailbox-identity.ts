import type { EmailAddress } from '../../addresses/email-address.ts';
import type { AccountId } from '../../db/ids.ts';

/** Whose mail is read: comes from the session, never from a request. */
export interface MailboxIdentity {
  mailboxId: AccountId;
  address: EmailAddress;
  name: string;
  locale: string;
  credentialVersion: number;
  /** the sign-in that asks; connections opened for it end with it. Null: the house itself, for what it promised a mailbox */
  sessionId: number | null;
}
