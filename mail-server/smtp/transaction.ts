import type { NotificationRequest } from './parse-delivery-status-parameters.ts';
import type { ChunkReader } from './chunk-reader.ts';
import type { ReceivedBytes } from './receiving-memory.ts';
import type { Hold } from './parse-hold-parameters.ts';
import type { Reply } from './reply.ts';

/** Whom a RCPT names, once it was found to be somebody. */
export interface NamedRecipient {
  /** for the wire, with the local part as it was given */
  text: string;
  /** what is compared and logged */
  address: string;
  /** A-labels in lower case */
  domain: string;
  /** what the service needs to know of it */
  target: unknown;
}

export interface AcceptedRecipient extends NotificationRequest, NamedRecipient {}

/** The chunks of a message, and the memory that they are kept in. */
export interface ReceivedChunks {
  reader: ChunkReader;
  memory: ReceivedBytes;
}

export interface Transaction {
  /** the reverse-path as given, "" for the null sender */
  sender: string;
  smtputf8: boolean;
  /** BODY=BINARYMIME (RFC 3030): what is behind the header may be any octets */
  binary: boolean;
  /** RFC 8689 */
  requireTls: boolean;
  /** SIZE of MAIL */
  declaredSize: number | null;
  dsnReturn: 'FULL' | 'HDRS' | null;
  dsnEnvelope: string | null;
  /** null: it goes at once */
  hold: Hold | null;
  recipients: AcceptedRecipient[];
  /** what BDAT has brought so far; null before the first */
  chunks: ReceivedChunks | null;
}

/** What becomes of a message: the reply (LMTP: one for each recipient, in their order), and what is to be done once it was sent. */
export interface Verdict {
  replies: readonly Reply[];
  /** called with true when the replies were written, with false when the connection was lost before */
  settle?: (answered: boolean) => void;
  /** called when the client goes on after the reply, so that it has read it for certain */
  heard?: () => void;
}
