import pg from 'pg';
import { appPasswordHash } from '#lib/auth/app-password-hash.ts';
import { hashPassword } from '#lib/auth/password-hash.ts';
import { randomAppPassword } from '#lib/auth/random-password.ts';
import { scramKeysOf } from '#lib/auth/scram-keys.ts';
import type { AccountId } from '#lib/db/ids.ts';

const pools = new Map<string, pg.Pool>();

/** Connections that are kept a while: to open one costs the server fifty times as much as most statements, and tests ask again and again. */
function poolOf(url: string): pg.Pool {
  const known = pools.get(url);
  if (known) return known;
  const pool = new pg.Pool({ connectionString: url, max: 20, allowExitOnIdle: true });
  // ended with its database, by a test that ends connections, or with a server that was killed: the next statement opens another
  pool.on('error', () => undefined);
  pools.set(url, pool);
  return pool;
}

/** A statement on the test's database. It may come to a connection that others had: what it sets, it sets locally. */
export const sql = async (url: string, text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> =>
  (await poolOf(url).query<Record<string, unknown>>(text, [...values])).rows;

/** Gives a mailbox a password, as the panel does: whoever held a token of the old one is out. */
export async function setPassword(url: string, account: AccountId, plain: string): Promise<void> {
  await sql(url, 'update mailbox set password_hash = $2, credential_version = credential_version + 1 where id = $1', [
    account,
    await hashPassword(plain),
  ]);
}

/** Makes a password for one device and returns it. */
export async function addAppPassword(url: string, account: AccountId): Promise<string> {
  const plain = randomAppPassword();
  const [mailbox] = await sql(url, 'select scram_salt from mailbox where id = $1', [account]);
  if (!(mailbox?.['scram_salt'] instanceof Uint8Array)) throw new Error(`no mailbox ${account}`);
  await sql(url, `insert into app_password (mailbox_id, label, hash, scram_keys) values ($1, 'Telefon', $2, $3)`, [
    account,
    appPasswordHash(plain),
    await scramKeysOf(plain, mailbox['scram_salt']),
  ]);
  return plain;
}
