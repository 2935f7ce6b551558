import { accountId, type AccountId } from '#lib/db/ids.ts';
import { sql } from './passwords.ts';

/**
 * Opens an account of the mail store by inserting its mailbox, with customer and domain where they are not there yet. A test that is tried again
 * makes the same one: it is another, and has nothing.
 */
export async function createAccount(url: string, address: string, quotaBytes = 100_000_000): Promise<AccountId> {
  const [localPart = '', domain = ''] = address.split('@');
  await sql(url, `insert into customer (id, name) values (1, 'Muster GmbH') on conflict do nothing`);
  await sql(
    url,
    `insert into domain (customer_id, name, verification_token, verified_at, dkim_selector, dkim_private_key, dkim_public_key)
     values (1, $1, 'token', now(), 'pa1', '', '') on conflict do nothing`,
    [domain],
  );
  await sql(url, 'delete from mailbox where address = $1', [address]);
  const [mailbox] = await sql(
    url,
    `insert into mailbox (customer_id, domain_id, local_part, address, password_hash, quota_bytes)
     select 1, id, $1, $2, '', $3 from domain where name = $4 returning id`,
    [localPart, address, quotaBytes, domain],
  );
  await sql(
    url,
    `insert into address (domain_id, address, mailbox_id, is_primary) select domain_id, address, id, true from mailbox where address = $1`,
    [address],
  );
  return accountId(BigInt(String(mailbox?.['id'] ?? 0)));
}
