import type { EmailAddress } from '../../lib/addresses/email-address.ts';
import type { CustomerId } from '../../lib/db/ids.ts';
import type { Provenance } from '../../lib/mime/judgement.ts';
import type { QueuedRecipient } from '../store/queue/queue-store.ts';

/** A letter to an address that leads elsewhere, as it waits in the queue. */
export interface Expanding {
  address: EmailAddress;
  content: Buffer;
  sender: string;
  smtputf8: boolean;
  requireTls: boolean;
  tlsOptional: boolean;
  locale: string;
  provenance: Provenance;
  reports: boolean;
  /** who passed it on to this address; told of a failure behind it too */
  passedOnBy: string | null;
  /** what the sender wants to hear of (RFC 3461): NOTIFY, ORCPT, RET, ENVID */
  dsn: Pick<QueuedRecipient, 'dsnNotify' | 'dsnOriginal' | 'dsnReturn' | 'dsnEnvelope'>;
  /** whose address it is */
  customerId: CustomerId;
  /** mailboxes and addresses that have the letter by another way; what this one finds is added */
  reached: { accounts: Set<number>; addresses: Set<string> };
}
