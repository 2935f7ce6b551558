import type { EmailAddress } from '../../lib/addresses/email-address.ts';
import type { Database } from './postgres/database.ts';

// whom the customer has in the house is the customer's decision
const leave = {
  name: 'group_leave',
  text: `with gone as (delete from address_target t using address a, domain d
      where a.id = t.address_id and d.id = a.domain_id and a.kind = 'group' and t.address_id = $1 and t.outside = $2
      returning a.address, d.customer_id)
    insert into audit_event (customer_id, actor, action, subject, details)
    select customer_id, 'system', 'group.left', address, jsonb_build_object('member', $2::text) from gone returning 1`,
};

/** Takes a member outside out of a group, as he asked for. False: he is none. */
export const leaveGroup = async (database: Database, group: number, member: EmailAddress): Promise<boolean> =>
  (await database.write(leave, [group, member])).length > 0;
