import { parseDomainName } from '../../addresses/domain-name.ts';
import { parseEmailAddress } from '../../addresses/email-address.ts';
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

export interface CustomersFound {
  customers: CustomerSummary[];
  /** all that match, of which these are one page */
  found: number;
  /** of the whole installation */
  all: { customers: number; mailboxes: number; usedBytes: number };
}

export const customersAtOnce = 100;

/**
 * One page of the customers of the installation, by name: those whose name, domains or owner's address have each word that was typed. Only the
 * operator has the scope for it.
 */
export async function listCustomers(
  database: Database,
  _scope: OperatorScope,
  { words, page }: { words: string; page: number },
): Promise<CustomersFound> {
  const typed = words.toLowerCase().split(/\s+/).filter(Boolean);
  // typed with "ü", stored with "xn--"
  const stored = typed.map((word) => parseEmailAddress(word) ?? parseDomainName(word) ?? word);
  const [[all], rows] = await Promise.all([
    database.$queryRaw<CustomersFound['all'][]>`
      select (select count(*) from customer)::float8 as customers, count(*)::float8 as mailboxes, coalesce(sum(c.used_bytes), 0)::float8 as "usedBytes"
      from mailbox m left join account_counter c on c.account_id = m.id where m.status <> 'deleted'`,
    database.$queryRaw<{ id: bigint; found: number }[]>`
      select c.id, count(*) over ()::float8 as found from customer c
      where not exists (select 1 from unnest(${typed}::text[], ${stored}::text[]) as t (word, kept)
        where strpos(lower(c.name collate pg_c_utf8), t.word) = 0
          and not exists (select 1 from domain d where d.customer_id = c.id and strpos(d.name, t.kept) > 0)
          and not exists (select 1 from app_user u where u.customer_id = c.id and u.role = 'owner' and strpos(lower(u.email), t.kept) > 0))
      order by c.name, c.id
      limit ${customersAtOnce} offset ${(page - 1) * customersAtOnce}`,
  ]);
  if (!all) throw new Error('a count has one row');
  return { customers: await summariesOf(database, rows), found: rows[0]?.found ?? 0, all };
}

async function summariesOf(database: Database, rows: readonly { id: bigint }[]): Promise<CustomerSummary[]> {
  const ids = rows.map(({ id }) => id);
  const customers = await database.customer.findMany({
    where: { id: { in: ids } },
    include: {
      domains: { select: { name: true }, orderBy: { name: 'asc' } },
      users: { where: { role: 'owner' }, select: { id: true, email: true }, orderBy: { id: 'asc' }, take: 1 },
      mailboxes: { where: { status: { not: 'deleted' } }, select: { id: true, quotaBytes: true } },
    },
  });
  const counters = await database.accountCounter.findMany({
    where: { accountId: { in: customers.flatMap(({ mailboxes }) => mailboxes.map(({ id }) => id)) } },
    select: { accountId: true, usedBytes: true },
  });
  const used = new Map(counters.map(({ accountId, usedBytes }) => [accountId, Number(usedBytes)]));
  const place = new Map(ids.map((id, at) => [id, at]));
  customers.sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
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
