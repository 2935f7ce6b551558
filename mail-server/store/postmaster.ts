import type { CustomerId } from '../../lib/db/ids.ts';
import type { EmailAddress } from '../../lib/addresses/email-address.ts';
import type { Database } from './database.ts';

const ownerOf = {
  name: 'postmaster_of_customer',
  text: `select m.address from app_user u join mailbox m on m.id = u.mailbox_id
    where u.customer_id = $1 and u.role = 'owner' and m.status <> 'deleted' order by u.id limit 1`,
};
const operator = {
  name: 'postmaster_of_installation',
  text: `select m.address from app_user u join mailbox m on m.id = u.mailbox_id
    where u.role = 'operator' and m.status <> 'deleted' order by u.id limit 1`,
};

/**
 * Whose mailbox takes mail to a postmaster that has none of his own (RFC 5321 section 4.5.1): that of the customer's owner, and for
 * <postmaster> without a domain (customer null) that of the operator. Null if there is none.
 */
export async function findPostmaster(database: Database, customer: CustomerId | null): Promise<EmailAddress | null> {
  const [row] = customer === null ? await database.read(operator) : await database.read(ownerOf, [customer]);
  return row ? (String(row[0]) as EmailAddress) : null;
}
