import { accountId } from '../../lib/db/ids.ts';
import { int8Array } from './postgres/binary-client.ts';
import type { Database } from './postgres/database.ts';
import type { AccountId } from '../../lib/db/ids.ts';

const poll = { name: 'counter_poll', text: 'select account_id, modseq from account_counter where account_id = any($1)' };

/** The MODSEQs of many accounts at once: the safety net below the hints. Accounts that are gone are missing. */
export async function readModseqs(database: Database, accounts: readonly AccountId[]): Promise<Map<AccountId, number>> {
  const rows = await database.read(poll, [int8Array(accounts)]);
  return new Map(rows.map(([account, modseq]) => [accountId(account as number), modseq as number]));
}
