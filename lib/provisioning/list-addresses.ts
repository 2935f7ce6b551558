import type { CustomerScope } from '../auth/customer-scope.ts';
import type { AddressKind, GroupPosting, GroupReplyTo } from '../db/generated/enums.ts';
import type { Database } from '../db/prisma.ts';

export interface ListedTarget {
  address: string;
  /** a mailbox of the customer, else any other address */
  isMailbox: boolean;
  pausedAt: Date | null;
  pauseReason: string | null;
}

/** A forward, group or catch-all, as the panel shows it. */
export interface ListedAddress {
  address: string;
  kind: Exclude<AddressKind, 'mailbox'>;
  note: string;
  expiresAt: Date | null;
  targets: ListedTarget[];
  group: { name: string; posting: GroupPosting; replyTo: GroupReplyTo; subjectPrefix: string } | null;
  /** mailboxes that may send as it */
  senders: { mailbox: string; onBehalf: boolean }[];
}

const most = 2_000;

/** The customer's addresses that are no mailbox and no alias, in alphabetical order. `domain`: only of this one. */
export async function listAddresses(database: Database, scope: CustomerScope, domain: string | null = null): Promise<ListedAddress[]> {
  const entries = await database.address.findMany({
    where: { kind: { not: 'mailbox' }, domain: { customerId: scope.customerId, ...(domain === null ? {} : { name: domain }) } },
    include: {
      targets: { include: { mailbox: { select: { address: true } } }, orderBy: { id: 'asc' } },
      group: true,
      senders: { include: { mailbox: { select: { address: true } } } },
    },
    orderBy: { address: 'asc' },
    take: most,
  });
  return entries.flatMap(({ address, kind, note, expiresAt, targets, group, senders }) =>
    kind === 'mailbox'
      ? []
      : [
          {
            address,
            kind,
            note,
            expiresAt,
            targets: targets.map(({ mailbox, outside, pausedAt, pauseReason }) => ({
              address: mailbox?.address ?? outside ?? '',
              isMailbox: mailbox !== null,
              pausedAt,
              pauseReason,
            })),
            group: group && { name: group.name, posting: group.posting, replyTo: group.replyTo, subjectPrefix: group.subjectPrefix },
            senders: senders.map(({ mailbox, onBehalf }) => ({ mailbox: mailbox.address, onBehalf })),
          },
        ],
  );
}
