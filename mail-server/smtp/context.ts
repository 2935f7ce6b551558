import type { Socket } from 'node:net';
import type { EnvelopePath } from '../../lib/addresses/envelope-path.ts';
import type { Principal } from '../auth/types.ts';
import type { Services } from '../services.ts';
import type { TlsInfo } from '../tls/listen.ts';
import type { Reply } from './reply.ts';
import type { SmtpInput } from './smtp-input.ts';
import type { NamedRecipient, Transaction, Verdict } from './transaction.ts';

/** What a command sees of its session, and may do to it. Commands and profiles import this and never the session, which imports them. */
export interface SmtpContext {
  readonly id: string;
  readonly services: Services;
  readonly profile: Profile;
  readonly remoteAddress: string;
  readonly socket: Socket;
  readonly input: SmtpInput;
  readonly encryption: TlsInfo | null;
  readonly principal: Principal | null;
  /** name given with HELO, EHLO or LHLO; null before */
  greetedAs: string | null;
  extended: boolean;
  failedLogins: number;
  /** the command that runs ended with LF alone, which submission and LMTP forgive */
  endsLinesBare: boolean;
  /** whatever ends a message gives back the memory of the chunks that were received of it */
  transaction: Transaction | null;
  /** Submits as this mailbox from here on, until it or its credentials change. False when the mailbox has too many connections. */
  signIn(principal: Principal): boolean;
  /** RFC 3207 section 4.2: what was said in clear text is forgotten. Resolves to false if there is no TLS session in the end. */
  startTls(): Promise<boolean>;
  /** A line in the middle of a command (SASL), or what is said where there is none. */
  continuation(): Promise<string | Reply>;
  write(answer: Reply): void;
  /** Writes what was held back; resolves to true when it was handed to the kernel, to false when the connection is gone. */
  flush(): Promise<boolean>;
  /** Calls back when the client has said another word: it knows then what it was told before. */
  whenHeard(callback: () => void): void;
  recipientFound(): void;
  /** Only strangers are suspected of trying addresses: whoever is signed in, and a peer on this machine, may be wrong in peace. */
  recipientUnknown(answer: Reply, isOurs: boolean): Promise<Reply>;
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
  /** Null: the sender is welcome. `sender` is null for the null sender. */
  checkSender(session: SmtpContext, sender: EnvelopePath | null): Promise<Reply | null>;
  checkRecipient(session: SmtpContext, path: string): Promise<Reply | NamedRecipient>;
  accept(session: SmtpContext, transaction: Transaction, content: Buffer): Promise<Verdict>;
}
