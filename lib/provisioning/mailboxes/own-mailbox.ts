import type { CustomerScope, MailboxScope } from '../../auth/customer-scope.ts';
import type { Transaction } from '../../db/prisma.ts';

export type EitherScope = CustomerScope | MailboxScope;

/** Leaves out mailboxes whose 30 days are over: they wait for housekeeping, and nobody brings them back. */
export const notGone = () => ({ NOT: { status: 'deleted', purgeAfter: { lte: new Date() } } }) as const;

/**
 * The mailbox with this id if the caller may touch it, else null: unknown and foreign ids are never told apart. People of a customer
 * may touch the customer's mailboxes, a mailbox's user only their own.
 */
export const ownMailbox = (transaction: Transaction, scope: EitherScope, mailboxId: number) => {
  if ('mailboxId' in scope && scope.mailboxId !== mailboxId) return Promise.resolve(null);
  return transaction.mailbox.findFirst({ where: { id: mailboxId, customerId: scope.customerId, ...notGone() }, include: { user: true } });
};

/**
 * The mailbox, with its row held until the transaction ends, for everything that changes it: what was read of it is true until then, whoever
 * deletes it, restores it or makes its user an owner at the same time; and whoever counts what it has counts alone.
 */
export const heldMailbox = async (transaction: Transaction, scope: EitherScope, mailboxId: number) => {
  // whose 30 days are over is what housekeeping says, by the clock of the database: half of its letters may be gone already
  const held = await transaction.$queryRaw<unknown[]>`select 1 from mailbox where id = ${mailboxId} and customer_id = ${scope.customerId}
    and not (status = 'deleted' and purge_after is not null and purge_after <= now()) for no key update`;
  return held.length === 0 ? null : ownMailbox(transaction, scope, mailboxId);
};

/** The mailbox, held, and one of its forwards, or null. */
export const heldForward = async (transaction: Transaction, scope: EitherScope, mailboxId: number, forwardId: number) => {
  const mailbox = await heldMailbox(transaction, scope, mailboxId);
  const forward = mailbox && (await transaction.mailboxForward.findFirst({ where: { id: forwardId, mailboxId: mailbox.id } }));
  return mailbox && forward ? { mailbox, forward } : null;
};

/**
 * True where an administrator reaches for an owner's mailbox: who may set its password, read it with a password for a device or lock its
 * user out would be the owner.
 */
export const isAboveCaller = (scope: EitherScope, mailbox: { user: { role: string } | null }): boolean =>
  'role' in scope && scope.role !== 'owner' && mailbox.user?.role === 'owner';

export const auditOf = ({ customerId, actor, remote }: EitherScope) => ({ customerId, actor, remote });
