import type { NotificationRequest } from './parse-delivery-status-parameters.ts';
import type { MailPath } from './parse-path.ts';
import type { Hold } from './parse-hold-parameters.ts';
import type { Reply } from './reply.ts';
import type { SmtpSession } from './session.ts';

/** A recipient that was accepted; `Target` is what the service needs to know of it. */
export interface AcceptedRecipient extends NotificationRequest, MailPath {
  target: unknown;
}

export interface Transaction {
  /** the reverse-path as given, "" for the null sender */
  sender: string;
  smtputf8: boolean;
  dsnReturn: 'FULL' | 'HDRS' | null;
  dsnEnvelope: string | null;
  /** null: it goes at once */
  hold: Hold | null;
  recipients: AcceptedRecipient[];
}

/** What becomes of a message: the reply (LMTP: one for each recipient, in their order), and what is to be done once it was sent. */
export interface Verdict {
  replies: readonly Reply[];
  /** called with true when the replies were written, with false when the connection was lost before */
  settle?: (answered: boolean) => void;
}

/** In what the services differ that speak SMTP here. */
export interface Profile {
  service: 'smtp' | 'submission' | 'submissions' | 'lmtp';
  lmtp: boolean;
  encryption: 'starttls' | 'implicit' | 'none';
  offersAuthentication: boolean;
  /** MAIL needs a login before */
  requiresAuthentication: boolean;
  /** a CR or LF that stands alone makes a message unacceptable */
  strictLineEnds: boolean;
  /** Null: the sender is welcome. `path` is "" for the null sender. */
  checkSender(session: SmtpSession, path: string): Promise<Reply | null>;
  checkRecipient(session: SmtpSession, path: string): Promise<Reply | (MailPath & { target: unknown })>;
  accept(session: SmtpSession, transaction: Transaction, content: Buffer): Promise<Verdict>;
}
