import type { Provenance } from '../../lib/mime/judgement.ts';
import type { LetterFeatures } from '../spam/letter-features.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { NewMessage } from '../store/mail-store.ts';

/** A letter that is ready to be stored in any mailbox. */
export interface Letter {
  message: NewMessage & { provenance: Provenance };
  /** reverse-path, "" for the null sender */
  sender: string;
  /** it belongs into Junk, unless the mailbox's owner says otherwise */
  suspicious: boolean;
  /** RFC 8689 */
  requireTls: boolean;
  /** for the spam filter; null: not looked at by it (our own users' letters, reports) */
  features: LetterFeatures | null;
}

export interface MailboxRecipient {
  account: AccountId;
  /** of the mailbox's rules; 0: it has none */
  rulesVersion: number;
  /** as which it was written to */
  recipient: string;
  /** NOTIFY of RFC 3461; null: the sender said nothing */
  notify: string | null;
}
