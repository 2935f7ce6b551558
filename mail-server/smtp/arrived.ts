import type { Provenance } from '../../lib/mime/judgement.ts';
import type { LocalTarget } from './check-local-recipient.ts';
import type { AcceptedRecipient, Transaction } from './transaction.ts';
import type { SmtpContext } from './context.ts';

export type LocalRecipient = AcceptedRecipient & { target: LocalTarget };

/** Of a message from outside: all were named by checkLocalRecipient. */
export const localRecipients = ({ recipients }: Transaction): LocalRecipient[] => recipients as LocalRecipient[];

/** A message from outside that may come in. */
export interface Arrived {
  session: SmtpContext;
  transaction: Transaction;
  /** as it came, and as it is stored */
  content: Buffer;
  raw: Buffer;
  provenance: Provenance;
  senderIsGenuine: boolean;
  suspicious: boolean;
}
