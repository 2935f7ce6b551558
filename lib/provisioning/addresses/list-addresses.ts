import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { AddressKind, GroupModeration, GroupPosting, GroupReplyTo } from '../../db/generated/enums.ts';
import type { Prisma } from '../../db/generated/client.ts';
import type { Database } from '../../db/prisma.ts';

export interface ListedTarget {
  address: string;
  /** a mailbox of the customer, else any other address */
  isMailbox: boolean;
  /** a mailbox that was deleted gets nothing until it is restored */
  isDeleted: boolean;
  pausedAt: Date | null;
  pauseReason: string | null;
}

export interface ListedGroup {
  name: string;
  posting: GroupPosting;
  replyTo: GroupReplyTo;
  subjectPrefix: string;
  moderation: GroupModeration;
  /** addresses of mailboxes; none: the customer's people */
  moderators: string[];
}

/** A forward, group or catch-all, as the panel shows it. */
export interface ListedAddress {
  id: number;
  address: string;
  kind: Exclude<AddressKind, 'mailbox'>;
  note: string;
  expiresAt: Date | null;
  targets: ListedTarget[];
  group: ListedGroup | null;
  /** mailboxes that may send as it */
  senders: { mailboxId: number; mailbox: string; onBehalf: boolean }[];
}

const most = 2_000;

const parts = {
  targets: { include: { mailbox: { select: { address: true, status: true } } }, orderBy: { id: 'asc' } },
  group: { include: { moderators: { include: { mailbox: { select: { address: true } } }, orderBy: { mailboxId: 'asc' } } } },
  senders: { include: { mailbox: { select: { address: true } } }, orderBy: { mailboxId: 'asc' } },
} as const;

/** The customer's addresses that are no mailbox and no alias, in alphabetical order. `domain`: only of this one. */
export async function listAddresses(database: Database, scope: CustomerScope, domain: string | null = null): Promise<ListedAddress[]> {
  const entries = await database.address.findMany({
    where: { kind: { not: 'mailbox' }, domain: { customerId: scope.customerId, ...(domain === null ? {} : { name: domain }) } },
    include: parts,
    orderBy: { address: 'asc' },
    take: most,
  });
  return entries.flatMap((entry) => listed(entry) ?? []);
}

/** One of them; null: none of this customer's. */
export async function readAddress(database: Database, scope: CustomerScope, id: number): Promise<ListedAddress | null> {
  const entry = await database.address.findFirst({
    where: { id, kind: { not: 'mailbox' }, domain: { customerId: scope.customerId } },
    include: parts,
  });
  return entry && listed(entry);
}

type Entry = Prisma.AddressGetPayload<{ include: typeof parts }>;

function listed({ id, address, kind, note, expiresAt, targets, group, senders }: Entry): ListedAddress | null {
  if (kind === 'mailbox') return null;
  return {
    id: Number(id),
    address,
    kind,
    note,
    expiresAt,
    targets: targets.map(({ mailbox, outside, pausedAt, pauseReason }) => ({
      address: mailbox?.address ?? outside ?? '',
      isMailbox: mailbox !== null,
      isDeleted: mailbox?.status === 'deleted',
      pausedAt,
      pauseReason,
    })),
    group: group && {
      name: group.name,
      posting: group.posting,
      replyTo: group.replyTo,
      subjectPrefix: group.subjectPrefix,
      moderation: group.moderation,
      moderators: group.moderators.map(({ mailbox }) => mailbox.address),
    },
    senders: senders.map(({ mailboxId, mailbox, onBehalf }) => ({ mailboxId: Number(mailboxId), mailbox: mailbox.address, onBehalf })),
  };
}
