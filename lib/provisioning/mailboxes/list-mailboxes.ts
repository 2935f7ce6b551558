import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { MailboxStatus, SpamFilter, UserRole } from '../../db/generated/enums.ts';
import type { Database } from '../../db/prisma.ts';
import { heldReason, type HeldReason } from './list-held-mailboxes.ts';
import { notGone, ownMailbox, type EitherScope } from './own-mailbox.ts';
import type { PanelRole } from '../customers/set-role.ts';

export interface MailboxSummary {
  id: number;
  address: string;
  localPart: string;
  domain: string;
  name: string;
  status: MailboxStatus;
  usedBytes: number;
  quotaBytes: number;
  lastLoginAt: Date | null;
  createdAt: Date;
  purgeAfter: Date | null;
  aliases: number;
  /** what its user may do in the panel */
  role: PanelRole;
}

export interface MailboxDetails extends MailboxSummary {
  usedMessages: number;
  /** addresses beside the mailbox's own */
  aliasAddresses: string[];
  spamFilter: SpamFilter;
  /** why what it sends is held; null: it is not */
  sendingHeld: HeldReason | null;
  appPasswords: { id: number; label: string; createdAt: Date; lastUsedAt: Date | null; lastProtocol: string | null }[];
}

const shape = {
  domain: { select: { name: true } },
  _count: { select: { addresses: { where: { isPrimary: false } } } },
  user: { select: { role: true } },
} as const;

const mostListed = 20_000;

/** The customer's mailboxes, newest first; deleted ones too, as long as they can be restored. */
export async function listMailboxes(database: Database, scope: CustomerScope): Promise<MailboxSummary[]> {
  const mailboxes = await database.mailbox.findMany({
    where: { customerId: scope.customerId, ...notGone() },
    select: { id: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: mostListed,
  });
  return summariesOf(
    database,
    scope,
    mailboxes.map(({ id }) => id),
  );
}

/** Those of them that are the customer's, in the order that is given. */
export async function summariesOf(database: Database, scope: CustomerScope, ids: readonly bigint[]): Promise<MailboxSummary[]> {
  const [mailboxes, counters] = await Promise.all([
    database.mailbox.findMany({ where: { id: { in: [...ids] }, customerId: scope.customerId }, include: shape }),
    database.accountCounter.findMany({ where: { accountId: { in: [...ids] } }, select: { accountId: true, usedBytes: true } }),
  ]);
  const found = new Map(mailboxes.map((mailbox) => [mailbox.id, mailbox]));
  const used = new Map(counters.map(({ accountId, usedBytes }) => [accountId, Number(usedBytes)]));
  return ids.flatMap((id) => {
    const mailbox = found.get(id);
    return mailbox ? [summary(mailbox, used.get(id) ?? 0)] : [];
  });
}

/** One mailbox with everything its page shows, or null: unknown, or not the caller's. */
export async function readMailbox(database: Database, scope: EitherScope, mailboxId: number): Promise<MailboxDetails | null> {
  const own = await ownMailbox(database, scope, mailboxId);
  if (!own) return null;
  const [mailbox, counter] = await Promise.all([
    database.mailbox.findUniqueOrThrow({
      where: { id: own.id },
      include: {
        ...shape,
        addresses: { where: { isPrimary: false }, orderBy: { address: 'asc' } },
        appPasswords: { where: { revokedAt: null }, orderBy: { createdAt: 'desc' } },
      },
    }),
    database.accountCounter.findUnique({ where: { accountId: own.id } }),
  ]);
  return {
    ...summary(mailbox, Number(counter?.usedBytes ?? 0)),
    usedMessages: Number(counter?.usedMessages ?? 0),
    spamFilter: mailbox.spamFilter,
    sendingHeld: mailbox.sendingHeldAt === null ? null : heldReason(mailbox.sendingHeldReason),
    aliasAddresses: mailbox.addresses.map(({ address }) => address),
    appPasswords: mailbox.appPasswords.map(({ id, label, createdAt, lastUsedAt, lastProtocol }) => ({
      id: Number(id),
      label,
      createdAt,
      lastUsedAt,
      lastProtocol,
    })),
  };
}

interface Row {
  id: bigint;
  address: string;
  localPart: string;
  name: string;
  status: MailboxStatus;
  quotaBytes: bigint;
  lastLoginAt: Date | null;
  createdAt: Date;
  purgeAfter: Date | null;
  domain: { name: string };
  _count: { addresses: number };
  user: { role: UserRole } | null;
}

const summary = (row: Row, usedBytes: number): MailboxSummary => ({
  id: Number(row.id),
  address: row.address,
  localPart: row.localPart,
  domain: row.domain.name,
  name: row.name,
  status: row.status,
  usedBytes,
  quotaBytes: Number(row.quotaBytes),
  lastLoginAt: row.lastLoginAt,
  createdAt: row.createdAt,
  purgeAfter: row.purgeAfter,
  aliases: row._count.addresses,
  role: row.user === null || row.user.role === 'operator' ? 'none' : row.user.role,
});
