import { displayDomain } from '../../addresses/domain-name.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { summariesOf, type MailboxSummary } from './list-mailboxes.ts';
import { mailboxesAtOnce, type MailboxQuery } from './mailbox-query.ts';

export interface MailboxesFound {
  mailboxes: MailboxSummary[];
  /** all that match, of which these are one page */
  found: number;
  counts: MailboxCounts;
}

export interface MailboxCounts {
  all: number;
  attention: number;
  suspended: number;
  deleted: number;
  full: number;
  usedBytes: number;
  quotaBytes: number;
}

interface Row {
  id: bigint;
  found: number;
}

/**
 * One page of the customer's mailboxes: those whose address (as people read it) or name has each word that was typed, in the order that was
 * chosen; and how many there are of each kind. Deleted ones too, as long as they can be restored. `domain`: only of this one.
 */
export async function findMailboxes(
  database: Database,
  scope: CustomerScope,
  domain: string | null,
  { words, show, order, page }: MailboxQuery,
): Promise<MailboxesFound> {
  const { customerId } = scope;
  const domains = await database.domain.findMany({
    where: { customerId, ...(domain === null ? {} : { name: domain }) },
    select: { id: true, name: true },
  });
  const ids = domains.map(({ id }) => id);
  const displays = domains.map(({ name }) => displayDomain(name));
  const typed = words.toLowerCase().split(/\s+/).filter(Boolean);
  const [[counts], rows] = await Promise.all([
    database.$queryRaw<MailboxCounts[]>`
      select count(*) filter (where kept)::float8 as "all", count(*) filter (where not kept)::float8 as deleted,
        count(*) filter (where status = 'suspended')::float8 as suspended,
        count(*) filter (where kept and (status = 'suspended' or used >= quota_bytes * 0.8))::float8 as attention,
        count(*) filter (where kept and used >= quota_bytes)::float8 as full,
        coalesce(sum(used) filter (where kept), 0)::float8 as "usedBytes",
        coalesce(sum(quota_bytes) filter (where kept), 0)::float8 as "quotaBytes"
      from (select m.status, m.status <> 'deleted' as kept, m.quota_bytes, coalesce(c.used_bytes, 0) as used
        from mailbox m left join account_counter c on c.account_id = m.id
        where m.customer_id = ${customerId} and m.domain_id = any(${ids}::bigint[])
          and not (m.status = 'deleted' and m.purge_after is not null and m.purge_after <= now())) m`,
    // digits are compared as numbers: each run of them is filled up with noughts to the same length
    database.$queryRaw<Row[]>`
      select m.id, count(*) over ()::float8 as found
      from mailbox m join unnest(${ids}::bigint[], ${displays}::text[]) d (id, display) on d.id = m.domain_id
        left join account_counter c on c.account_id = m.id
      where m.customer_id = ${customerId}
        and not (m.status = 'deleted' and m.purge_after is not null and m.purge_after <= now())
        and case ${show}
          when 'attention' then m.status <> 'deleted' and (m.status = 'suspended' or coalesce(c.used_bytes, 0) >= m.quota_bytes * 0.8)
          when 'suspended' then m.status = 'suspended'
          when 'deleted' then m.status = 'deleted'
          else m.status <> 'deleted' end
        and not exists (select 1 from unnest(${typed}::text[]) word
          where strpos(lower((m.local_part || '@' || d.display || ' ' || m.name) collate pg_c_utf8), word) = 0)
      order by case when ${order} = 'byAddress' then d.display end,
        case when ${order} = 'byAddress' then
          regexp_replace(regexp_replace(m.local_part, '\\d+', repeat('0', 20) || '\\&', 'g'), '\\d*(\\d{20})', '\\1', 'g') collate "C" end,
        case when ${order} = 'bySpace' then coalesce(c.used_bytes, 0) end desc,
        case when ${order} = 'byLogin' then m.last_login_at end desc nulls last,
        m.created_at desc, m.id desc
      limit ${mailboxesAtOnce} offset ${(page - 1) * mailboxesAtOnce}`,
  ]);
  if (!counts) throw new Error('a count has one row');
  const mailboxes = await summariesOf(
    database,
    scope,
    rows.map(({ id }) => id),
  );
  return { mailboxes, found: rows[0]?.found ?? 0, counts };
}
