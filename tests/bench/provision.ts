import pg from 'pg';
import { hashPassword } from '#lib/auth/password-hash.ts';

/** Makes the mailboxes that the benchmark asks for (password "bench" for all), if they are not there yet. */
export async function provisionBenchMailboxes(databaseUrl: string, names: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const hash = await hashPassword('bench');
    const domain = await client.query<{ id: string; customer_id: string }>(
      `with existing as (select id, customer_id from domain where name = 'muster.test'),
         made_customer as (insert into customer (name) select 'Bench' where not exists (select 1 from existing) returning id),
         made as (insert into domain (customer_id, name, verification_token, verified_at, dkim_selector, dkim_private_key, dkim_public_key)
           select id, 'muster.test', 'bench', now(), 'pa1', '', '' from made_customer returning id, customer_id)
       select id, customer_id from existing union all select id, customer_id from made`,
    );
    const { id, customer_id } = domain.rows[0] ?? { id: '0', customer_id: '0' };
    await client.query(
      `with made as (insert into mailbox (customer_id, domain_id, local_part, address, password_hash, quota_bytes)
         select $1, $2, name, name || '@muster.test', $3, 100::bigint * 1024 * 1024 * 1024 from unnest($4::text[]) name
         on conflict do nothing returning id, domain_id, address)
       insert into address (domain_id, address, mailbox_id, is_primary) select domain_id, address, id, true from made`,
      [customer_id, id, hash, names],
    );
  } finally {
    await client.end();
  }
}

/** As their owners may in the settings. */
export async function turnFilterOff(databaseUrl: string, addresses: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`update mailbox set spam_filter = 'off' where address = any($1)`, [addresses]);
  } finally {
    await client.end();
  }
}

/** Whose muster.test is. */
export async function benchCustomer(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ customer_id: string }>(`select customer_id from domain where name = 'muster.test'`);
    return Number(rows[0]?.customer_id);
  } finally {
    await client.end();
  }
}
