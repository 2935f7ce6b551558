import type { CustomerId } from '../../lib/db/ids.ts';
import type { EmailAddress } from '../../lib/addresses/email-address.ts';
import { postmasterStatement } from '../../lib/targets/postmaster.ts';
import type { Database } from './postgres/database.ts';

const ofCustomer = { name: 'postmaster_of_customer', text: postmasterStatement };
const ofInstallation = {
  name: 'postmaster_of_installation',
  text: `select m.address from mailbox m left join app_user u on u.mailbox_id = m.id left join account_counter c on c.account_id = m.id
    where m.status <> 'deleted' and (m.address = $1 or u.role in ('operator', 'owner', 'administrator'))
    order by coalesce(c.used_bytes >= c.quota_bytes, false), m.address is distinct from $1, u.role is distinct from 'operator',
      u.role is distinct from 'owner', m.id
    limit 1`,
};

/**
 * Whose mailbox takes mail to a postmaster that has none of his own (RFC 5321 section 4.5.1: there must be one): in a customer's domain
 * somebody of that customer, and for the host itself (customer null) the configured mailbox, the operator's, or the oldest owner's.
 * Null if nobody has a mailbox.
 */
export async function findPostmaster(
  database: Database,
  customer: CustomerId | null,
  configured: string | null,
): Promise<EmailAddress | null> {
  const [row] = customer === null ? await database.read(ofInstallation, [configured]) : await database.read(ofCustomer, [customer]);
  return row ? (String(row[0]) as EmailAddress) : null;
}
