import type { Brand } from '../addresses/brand.ts';
import type { CustomerId } from '../db/ids.ts';

/** Who did it, for the audit: "user:12", "mailbox:7", "system". */
export type Actor = `user:${number}` | `mailbox:${number}` | 'system';

interface Scope {
  readonly actor: Actor;
  /** IP address of the browser, for the audit. */
  readonly remote: string | null;
}

/** Proof that the caller may act for this customer. Every provisioning query asks for one; only the door (lib/auth/session.ts) mints it. */
export type CustomerScope = Brand<Scope & { readonly customerId: CustomerId; readonly role: CustomerRole }, 'CustomerScope'>;

/** Inhaber, Administration */
export type CustomerRole = 'owner' | 'administrator';

/** Proof that the caller runs the whole installation. */
export type OperatorScope = Brand<Scope & { readonly operator: true }, 'OperatorScope'>;

/** Proof that the caller is this mailbox's own user. */
export type MailboxScope = Brand<Scope & { readonly customerId: CustomerId; readonly mailboxId: number }, 'MailboxScope'>;

/** Proof that the caller is this person of a customer, or the operator (customerId null). */
export type PersonScope = Brand<Scope & { readonly customerId: CustomerId | null; readonly userId: number }, 'PersonScope'>;

export const mintCustomerScope = (scope: Scope & { customerId: CustomerId; role: CustomerRole }): CustomerScope => scope as CustomerScope;
export const mintOperatorScope = (scope: Scope): OperatorScope => ({ ...scope, operator: true }) as OperatorScope;
export const mintMailboxScope = (scope: Scope & { customerId: CustomerId; mailboxId: number }): MailboxScope => scope as MailboxScope;
export const mintPersonScope = (scope: Scope & { customerId: CustomerId | null; userId: number }): PersonScope => scope as PersonScope;
