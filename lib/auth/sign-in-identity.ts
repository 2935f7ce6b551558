import type { UserRole } from '../db/generated/enums.ts';

/**
 * Who a password stood for. `person`: somebody with a panel (userId set; mailboxId too if this person also has a mailbox);
 * `mailbox`: a mailbox without panel. credentialVersion belongs to the mailbox if there is one, else to the person.
 */
export interface SignInIdentity {
  kind: 'person' | 'mailbox';
  userId: number | null;
  mailboxId: number | null;
  /** null: the operator, who belongs to no customer */
  customerId: number | null;
  role: UserRole | null;
  address: string;
  name: string;
  locale: string;
  credentialVersion: number;
}

/** Somebody who is signed in, as the database says it for this request. */
export interface SessionIdentity extends SignInIdentity {
  /** number of the row in web_session; no secret */
  sessionId: number;
}

/**
 * - InvalidCredentials: no such address, or wrong password (never told apart)
 * - TooManyAttempts: must wait after failed sign-ins
 * - Suspended: right password, but the mailbox or the customer is suspended
 * - Unavailable: too much to do right now; try again
 */
export type SignInFailure = 'InvalidCredentials' | 'TooManyAttempts' | 'Suspended' | 'Unavailable';
export type SignInResult = { ok: true; identity: SignInIdentity } | { ok: false; failure: SignInFailure };
