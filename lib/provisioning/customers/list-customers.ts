import type { OperatorScope } from '../../auth/customer-scope.ts';
import type { CustomerStatus } from '../../db/generated/enums.ts';
import type { Database } from '../../db/prisma.ts';

import type { GivenLimits } from './set-customer-limits.ts';

export interface CustomerSummary {
  id: number;
  name: string;
  status: CustomerStatus;
  createdAt: Date;
  domains: string[];
  mailboxes: number;
  usedBytes: number;
  quotaBytes: number;
  owner: { id: number; email: string } | null;
  /** null: as the configuration says */
  limits: GivenLimits;
}

/** Every customer of the installation, by name. Only the operator has the scope for it. */
export async function listCustomers(database: Database, _scope: OperatorScope): Promise<CustomerSummary[]> {
  const customers = await database.customer.findMany({
    include: {
      domains: { select: { name: true }, orderBy: { name: 'asc' } },
      users: { where: { role: 'owner' }, select: { id: true, email: true }, orderBy: { id: 'asc' }, take: 1 },
      mailboxes: { where: { status: { not: 'deleted' } }, select: { id: true, quotaBytes: true } },
    },
    orderBy: { name: 'asc' },
    take: 1000,
  });
  const counters = await database.accountCounter.findMany({
    where: { accountId: { in: customers.flatMap(({ mailboxes }) => mailboxes.map(({ id }) => id)) } },
    select: { accountId: true, usedBytes: true },
  });
  const used = new Map(counters.map(({ accountId, usedBytes }) => [accountId, Number(usedBytes)]));
  return customers.map(({ id, name, status, createdAt, domains, users, mailboxes, ...row }) => ({
    id: Number(id),
    name,
    status,
    createdAt,
    domains: domains.map((domain) => domain.name),
    mailboxes: mailboxes.length,
    usedBytes: mailboxes.reduce((sum, mailbox) => sum + (used.get(mailbox.id) ?? 0), 0),
    quotaBytes: mailboxes.reduce((sum, mailbox) => sum + Number(mailbox.quotaBytes), 0),
    owner: users[0] ? { id: Number(users[0].id), email: users[0].email } : null,
    limits: {
      domains: row.maxDomains,
      mailboxes: row.maxMailboxes,
      storageBytes: row.maxStorageBytes === null ? null : Number(row.maxStorageBytes),
      aliases: row.maxAliases,
      appPasswords: row.maxAppPasswords,
      messagesPerHour: row.maxMessagesPerHour,
    },
  }));
}
