import { dropSome } from './drop-some.ts';
import type { Query } from './postgres/database.ts';

/** A domain whose owners are to be told that it expires. */
export interface ExpiringDomain {
  name: string;
  customerId: number;
  expiresAt: Date;
  /** mailboxes of the customer's owners and administrators; empty: the panel alone tells */
  people: readonly { address: string; locale: string }[];
}

/** Between telling and letting go; the panel counts in the same way (lib/provisioning/domains/list-domains.ts). */
const toldDays = 7;

const expiring = {
  name: 'unproved_expiring',
  text: `with due as (select id, name, customer_id, unproved_since from domain
      where verified_at is null and displaced_from is null and expiry_notice_at is null and unproved_since < now() - make_interval(days => $1::int - $2::int)
      order by unproved_since limit 1 for update skip locked),
    told as (update domain d set expiry_notice_at = now() from due where d.id = due.id)
    select due.name, due.customer_id,
      (extract(epoch from greatest(due.unproved_since + make_interval(days => $1::int), now() + make_interval(days => $2::int))) * 1000)::int8
    from due`,
};
const people = {
  name: 'unproved_people',
  text: `select m.address, m.locale from app_user u join mailbox m on m.id = u.mailbox_id
    where u.customer_id = $1 and m.status <> 'deleted' order by m.id limit 20`,
};
const expire = { name: 'unproved_expire', text: 'select expire_unproved_domain($1, $2)' };

/** Takes the next domain that expires within a week, marked as told with this transaction. Null: there is none. */
export async function takeExpiringDomain(query: Query, days: number): Promise<ExpiringDomain | null> {
  const [row] = await query(expiring, [days, toldDays]);
  if (!row) return null;
  const [name, customerId, expiresMs] = row as [string, number, number];
  const found = await query(people, [customerId]);
  return {
    name,
    customerId,
    expiresAt: new Date(Number(expiresMs)),
    people: found.map(([address, locale]) => ({ address: String(address), locale: String(locale) })),
  };
}

/** Questions for a name below somebody's domain that nobody may use any more. True: there may be more. */
export const forgetDomainRequests = dropSome(
  'domain_request_drop',
  'domain_request',
  `asked_at < now() - interval '30 days' order by asked_at`,
);

/** Lets one domain go that nobody proved in `days`. True: there may be another. */
export const expireUnprovedDomain = async (query: Query, days: number): Promise<boolean> =>
  (await query(expire, [days, toldDays]))[0]?.[0] === true;
