import type { AccountId, CustomerId } from '../../lib/db/ids.ts';
import type { EmailAddress } from '../../lib/addresses/email-address.ts';

export type MailProtocol = 'imap' | 'pop3' | 'smtp' | 'managesieve';

/** Whose connection it is that somebody signed in on. */
export interface Client {
  protocol: MailProtocol;
  remoteAddress: string;
}

/** A connection that somebody is signed in on, as the operator is shown it. */
export interface SignedIn extends Client {
  address: EmailAddress;
  credential: Principal['credential'];
  /** milliseconds since 1970 */
  since: number;
}

/** A mailbox that has proved who it is. */
export interface Principal {
  accountId: AccountId;
  customerId: CustomerId;
  address: EmailAddress;
  name: string;
  locale: string;
  credential: 'password' | 'app-password' | 'token';
  /** of the mailbox when this was proved: a new password, deleting and restoring make it another */
  credentialVersion: number;
  /** which app password it was, or null */
  appPasswordId: number | null;
  /** the session of the web that it was opened for, or null */
  sessionId?: number | null;
}

/**
 * - InvalidCredentials: no such mailbox, or the password or token is wrong (never told apart).
 * - InvalidAppPassword: the same where only an app password can be right (SCRAM).
 * - NotAuthorized: asks to act for another mailbox than the one that signs in.
 * - TooManyAttempts: blocked for a while after failed logins.
 * - Suspended: the mailbox or its customer is suspended; it still receives.
 * - Unavailable: the store or the hashing queue cannot answer now; try again.
 */
export type AuthenticationFailure =
  | 'InvalidCredentials'
  | 'InvalidAppPassword'
  | 'NotAuthorized'
  | 'TooManyAttempts'
  | 'Suspended'
  | 'Unavailable';
export type AuthenticationResult =
  | { ok: true; principal: Principal }
  /** `cut`: enough was guessed from there, the connection ends with this answer, or without it */
  | { ok: false; failure: AuthenticationFailure; cut?: 'answered' | 'silent' };

/** What a SCRAM client says last (RFC 5802 section 3). */
export interface ScramProof {
  user: string;
  authMessage: string;
  proof: Buffer;
  remoteAddress: string;
  protocol: MailProtocol;
}

export interface Authenticator {
  /** user: the full address as typed. Takes constant effort for unknown mailboxes; a wrong answer takes its time. */
  password(attempt: { user: string; password: string; remoteAddress: string; protocol: MailProtocol }): Promise<AuthenticationResult>;
  /** The salt of SCRAM for a user as typed; one that does not exist has one too. */
  scramSalt(user: string): Promise<Buffer>;
  /**
   * SCRAM is named to clients only while somebody here has an app password for it: many programs take the strongest name and never another,
   * and would fail with a mailbox's own password. It is taken from whoever asks for it. What the database said a moment ago.
   */
  readonly namesScram: boolean;
  /** Whether an app password of the mailbox made this proof, and if so the server's signature over the same. */
  scram(attempt: ScramProof): Promise<{ result: AuthenticationResult; serverSignature: Buffer | null }>;
  /** OAUTHBEARER / XOAUTH2 token of the web (lib/auth/mailbox-token.ts). `user` may be empty. */
  bearer(attempt: { user: string; token: string; remoteAddress: string; protocol: MailProtocol }): Promise<AuthenticationResult>;
  /**
   * Calls `revoked` once, within seconds after what `principal` signed in with stops opening the mailbox: it or its customer is suspended
   * or deleted, the password was changed, the app password revoked, the web signed out; in whatever process; or the operator ends it.
   * `revoked` must not throw. Returns the end of it.
   */
  watch(principal: Principal, client: Client, revoked: () => void): () => void;
  /** Who is signed in to this process. */
  signedIn(): SignedIn[];
  /** Ends those connections of this process that the operator means. Returns how many. */
  end(isMeant: (connection: SignedIn) => boolean): number;
}
