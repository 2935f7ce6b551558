import { appendMessage, appendParameters } from './append-messages.ts';
import { isAlreadyDelivered, type Database, type Query } from './database.ts';
import { enqueue } from './queue-store.ts';
import { rememberKey } from './rules-store.ts';
import { StoreError } from './store-error.ts';
import type { AccountId, Appended, Decided } from './types.ts';
import { withhold } from './withheld-letters.ts';

const createFolder = { name: 'decided_create_folder', text: 'select o_folder_id from create_folder($1, $2, null)' };
const findFolder = { name: 'decided_find_folder', text: 'select folder_id from folder where account_id = $1 and name = $2' };
const takeKey = {
  name: 'decided_take_key',
  text: 'insert into delivery_key (account_id, key) values ($1, $2) on conflict do nothing returning 1',
};
const lockAccount = { name: 'decided_lock', text: 'select 1 from account_counter where account_id = $1 for no key update' };

/**
 * Copies, redirects, answers and what is remembered: all in one transaction, or nothing. Null when the key says that it was done already.
 * OverQuota, UnknownAccount.
 */
export async function deliverDecided(database: Database, decided: Decided): Promise<{ appended: Appended[]; queued: number } | null> {
  const { account, key, copies, outgoing, withheld, once } = decided;
  // what takes time is done before the account is locked
  const prepared = copies.map(({ folderId, create, message }) => ({
    create,
    parameters: appendParameters(account, folderId, message, null),
  }));
  try {
    return await database.transaction(async (query) => {
      const [exists] = await query(lockAccount, [account]);
      if (!exists) throw new StoreError('UnknownAccount');
      const [mine] = await query(takeKey, [account, key]);
      if (!mine) return null;
      const appended: Appended[] = [];
      for (const { create, parameters } of prepared) {
        const folderId = create === null ? parameters[1] : await folderNamed(query, account, create);
        appended.push(await appendMessage(query, parameters.with(1, folderId)));
      }
      for (const letter of withheld) await withhold(query, letter);
      let queued = 0;
      for (const message of outgoing) if ((await enqueue(query, message)) !== null) queued++;
      for (const { key: memory, seconds, message, anew } of once) {
        if (!(await rememberKey(query, account, memory, seconds, anew)) || !message) continue;
        if ((await enqueue(query, message)) !== null) queued++;
      }
      return { appended, queued };
    });
  } catch (error) {
    if (isAlreadyDelivered(error)) return null;
    throw error;
  }
}

async function folderNamed(query: Query, account: AccountId, name: string): Promise<number> {
  const [known] = await query(findFolder, [account, name]);
  if (known) return Number(known[0]);
  const [made] = await query(createFolder, [account, name]);
  return Number(made?.[0]);
}
