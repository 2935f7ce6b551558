import { openSecret } from '../../lib/auth/secret-box.ts';
import { ConfigurationError } from '../../lib/config/config.ts';
import type { Database } from './postgres/database.ts';

const newest = {
  name: 'sealed_keys_newest',
  text: `select key from (select dkim_private_key as key, dkim_made_at as made_at from domain union all select private_key, made_at from dkim_key) k
    where key <> '' order by made_at desc limit 20`,
};

/**
 * At the start, so that a secret of another installation is said in one sentence, and not by letters that leave unsigned. One key that
 * cannot be read is no sign of that: its domain goes without, and the log says so.
 */
export async function checkSecret(database: Database, secret: string): Promise<void> {
  const keys = (await database.read(newest)).map(([key]) => String(key));
  if (keys.length === 0 || keys.some((key) => opens(key, secret))) return;
  throw new ConfigurationError(
    'POSTAMT_SECRET (or secrets.json) does not belong to this database: it opens none of its DKIM keys. Give the one that it was made with.',
  );
}

function opens(sealed: string, secret: string): boolean {
  try {
    openSecret(sealed, secret);
    return true;
  } catch {
    return false;
  }
}
