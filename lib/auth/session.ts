import { cache } from 'react';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { EmailAddress } from '../addresses/email-address.ts';
import { accountId, customerId, type AccountId, type CustomerId } from '../db/ids.ts';
import { database } from '../db/prisma.ts';
import {
  mintCustomerScope,
  mintMailboxScope,
  mintOperatorScope,
  mintPersonScope,
  type Actor,
  type CustomerScope,
  type MailboxScope,
  type OperatorScope,
  type PersonScope,
} from './customer-scope.ts';
import type { UserRole } from '../db/generated/enums.ts';
import type { SessionIdentity, SignInIdentity } from './sign-in-identity.ts';
import { endSession } from './web-session/end-sessions.ts';
import { findSession } from './web-session/find-session.ts';
import { readCookie } from './session/cookie-key.ts';
import { noteWhose } from './session/known-cookies.ts';
import { SignInRefused, signIn, signOut } from './session/next-auth.ts';
import { remoteAddress } from './session/remote-address.ts';

/** Somebody who may use the panel. */
export interface Person {
  userId: number;
  role: UserRole;
  /** null: the operator */
  customerId: CustomerId | null;
  /** set if this person also has a mailbox here */
  mailboxId: number | null;
  address: string;
}

/** The mailbox that the webmail opens. */
export interface SignedInMailbox {
  accountId: AccountId;
  customerId: CustomerId;
  address: EmailAddress;
  name: string;
  locale: string;
  /** for lib/auth/mailbox-token.ts */
  credentialVersion: number;
  sessionId: number;
  /** this mailbox's user may also open the panel */
  mayUsePanel: boolean;
}

/** Who is signed in, as the database sees it now; null if nobody is. Once a request. */
export const currentSession = cache(async (): Promise<SessionIdentity | null> => {
  const cookie = await readCookie();
  if (!cookie) return null;
  const session = await findSession(database(), cookie.key, await remoteAddress());
  noteWhose(cookie, session?.address ?? null);
  return session;
});

/** Ends the session of this request: the row first, so that a copy of the cookie is worth nothing, then the cookie. */
export async function endCurrentSession(): Promise<void> {
  const cookie = await readCookie();
  if (cookie) {
    await endSession(database(), cookie.key);
    noteWhose(cookie, null);
  }
  await signOut({ redirect: false });
}

/**
 * Signs this browser in; the session it had ends. Throws SignInRefused. `proved: false`: the password was not typed to sign in but is
 * known from what was just done (consume-proof.ts).
 */
export async function beginCurrentSession(address: string, password: string, { proved }: { proved: boolean }): Promise<void> {
  const before = await readCookie();
  await signIn('credentials', { address, password, proved: proved ? 'yes' : 'no', redirect: false });
  if (before) await endSession(database(), before.key);
}

/**
 * The same behind something that is done already and gave this password. False: refused, by failed sign-ins from before or too much to do
 * right now. What was done stays done, and whoever did it signs in by hand.
 */
export async function stayedSignedIn(...given: Parameters<typeof beginCurrentSession>): Promise<boolean> {
  try {
    await beginCurrentSession(...given);
    return true;
  } catch (error) {
    if (error instanceof SignInRefused) return false;
    throw error;
  }
}

/** Whoever is signed in; everybody else signs in and then comes back to what they asked for. Once a request. */
export async function requireSession(): Promise<SessionIdentity> {
  const session = await currentSession();
  if (session) return session;
  const asked = (await headers()).get('x-asked') ?? '/';
  return redirect(asked === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(asked)}`);
}

const actorOf = ({ userId, mailboxId }: SignInIdentity): Actor =>
  userId !== null ? `user:${userId}` : mailboxId !== null ? `mailbox:${mailboxId}` : 'system';

const scopeOf = async (identity: SignInIdentity) => {
  const remote = await remoteAddress();
  return { actor: actorOf(identity), remote: remote === 'unknown' ? null : remote };
};

function asMailbox({ mailboxId, customerId: customer, ...identity }: SessionIdentity): SignedInMailbox | null {
  if (mailboxId === null || customer === null) return null;
  return {
    accountId: accountId(mailboxId),
    customerId: customerId(customer),
    address: identity.address as EmailAddress,
    name: identity.name,
    locale: identity.locale,
    credentialVersion: identity.credentialVersion,
    sessionId: identity.sessionId,
    mayUsePanel: identity.userId !== null,
  };
}

/** For route handlers: null means 401. */
export async function currentMailbox(): Promise<SignedInMailbox | null> {
  const identity = await currentSession();
  return identity ? asMailbox(identity) : null;
}

/** For pages and actions of the webmail; who has no mailbox goes to the panel, who is not signed in to the sign-in. */
export async function requireMailbox(): Promise<SignedInMailbox> {
  const identity = await requireSession();
  return asMailbox(identity) ?? redirect('/panel');
}

/** For what a mailbox's user does with their own mailbox: password, app passwords. */
export async function requireMailboxScope(): Promise<{ scope: MailboxScope; mailbox: SignedInMailbox }> {
  const mailbox = await requireMailbox();
  const identity = await requireSession();
  const scope = mintMailboxScope({ ...(await scopeOf(identity)), customerId: mailbox.customerId, mailboxId: Number(mailbox.accountId) });
  return { scope, mailbox };
}

/** For what everybody may do for themselves, their password: the mailbox if there is one, else the person. */
export async function requireOwnScope(): Promise<{ scope: MailboxScope | PersonScope; address: string }> {
  const identity = await requireSession();
  if (identity.mailboxId !== null) {
    const { scope, mailbox } = await requireMailboxScope();
    return { scope, address: mailbox.address };
  }
  const { userId, customerId: id, address } = await requirePerson();
  return { scope: mintPersonScope({ ...(await scopeOf(identity)), customerId: id, userId }), address };
}

/** For the panel; a mailbox without a panel goes to the webmail. */
export async function requirePerson(): Promise<Person> {
  const identity = await requireSession();
  const { userId, role, mailboxId, address } = identity;
  if (userId === null || role === null) redirect('/mail');
  return {
    userId,
    role,
    customerId: identity.customerId === null ? null : customerId(identity.customerId),
    mailboxId,
    address,
  };
}

/** The door to everything that belongs to one customer. The operator has none and is sent to the list of customers. */
export async function requireCustomerScope(): Promise<{ scope: CustomerScope; person: Person }> {
  const person = await requirePerson();
  const identity = await requireSession();
  const { customerId: id, role } = person;
  if (id === null || role === 'operator') redirect('/panel/customers');
  return { scope: mintCustomerScope({ ...(await scopeOf(identity)), customerId: id, role }), person };
}

/** The door to what concerns all customers; people of a customer are sent to their own pages. */
export async function requireOperatorScope(): Promise<{ scope: OperatorScope; person: Person }> {
  const person = await requirePerson();
  const identity = await requireSession();
  if (person.role !== 'operator') redirect('/panel/domains');
  return { scope: mintOperatorScope(await scopeOf(identity)), person };
}

/** Where somebody lands after signing in: the mailbox if there is one, else the panel. */
export const firstPage = (identity: Pick<SignInIdentity, 'mailboxId' | 'role'>): string =>
  identity.mailboxId !== null ? '/mail' : identity.role === 'operator' ? '/panel/customers' : '/panel/domains';
