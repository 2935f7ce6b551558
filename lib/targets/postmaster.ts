import { type EmailAddress, localPartOf } from '../addresses/email-address.ts';
import { addressesBehind } from '../addresses/subaddress.ts';

/** An address that reaches whoever is responsible, where nobody has made it (RFC 5321 section 4.5.1, RFC 2142 section 4). */
export const isResponsible = (address: EmailAddress): boolean => isOfResponsible(localPartOf(addressesBehind(address).at(-1) ?? address));
export const isOfResponsible = (local: string): boolean => local === 'postmaster' || local === 'abuse';

/** Who that is at a customer: who owns comes before who administers, and both before whoever was here first; a full mailbox only where there is no other. */
export const postmasterStatement = `select m.address from mailbox m left join app_user u on u.mailbox_id = m.id
    left join account_counter c on c.account_id = m.id
    where m.customer_id = $1 and m.status <> 'deleted'
    order by coalesce(c.used_bytes >= c.quota_bytes, false), u.role is distinct from 'owner', u.role is distinct from 'administrator', m.id
    limit 1`;
