import type { Database, Statement } from './postgres/database.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { FolderInfo, FolderStatus, StatusCounts } from './mail-store.ts';

const list = {
  name: 'folder_list',
  text: 'select folder_id, name, uidvalidity, special_use from folder where account_id = $1 order by name',
};
const find = {
  name: 'folder_find',
  text: 'select folder_id, name, uidvalidity, special_use from folder where account_id = $1 and name = $2',
};
const statusColumns = 'c.folder_id, c.messages, c.unseen, c.deleted, c.uidnext, f.uidvalidity, c.highestmodseq, c.bytes';
const statusFrom =
  'from folder_counter c join folder f on f.account_id = c.account_id and f.folder_id = c.folder_id where c.account_id = $1';
/** Counted row by row, and so only where it is asked for. A folder that nobody was told of (recent_uid 1) holds nothing but news. */
const recentCount = `case when c.recent_uid = 1 then c.messages when c.recent_uid >= c.uidnext then 0 else (select count(*)::int
  from folder_message m where m.account_id = c.account_id and m.folder_id = c.folder_id and m.uid >= c.recent_uid) end`;
const deletedBytes = `case when c.deleted = 0 then 0::bigint else (select coalesce(sum(x.size), 0)::bigint
  from folder_message m, lateral (select size from message x where x.account_id = m.account_id and x.message_id = m.message_id offset 0) x
  where m.account_id = c.account_id and m.folder_id = c.folder_id and m.flags & 8 <> 0) end`;

function statusStatement(one: boolean, counts: StatusCounts): Statement {
  const { recent = false, deletedBytes: bytes = false } = counts;
  return {
    name: `folder_status_${Number(one)}${Number(recent)}${Number(bytes)}`,
    text: `select ${statusColumns}, ${recent ? recentCount : '0'}, ${bytes ? deletedBytes : '0'} ${statusFrom}${one ? ' and c.folder_id = $2' : ''}`,
  };
}

const subscribed = { name: 'subscription_list', text: 'select name from subscription where account_id = $1' };

/** How many there are of what POSTAMT_FOLDERS bounds. */
export const countStatements = {
  folders: { name: 'folder_count', text: 'select count(*) from folder where account_id = $1' },
  subscriptions: { name: 'subscription_count', text: 'select count(*) from subscription where account_id = $1' },
};

export const folderStatements = {
  create: { name: 'folder_create', text: 'select o_folder_id, o_uidvalidity from create_folder($1, $2, $3)' },
  delete: { name: 'folder_delete', text: 'select delete_folder($1, $2)' },
  rename: { name: 'folder_rename', text: 'select rename_folder($1, $2, $3)' },
  subscribe: { name: 'subscribe', text: 'insert into subscription (account_id, name) values ($1, $2) on conflict do nothing' },
  unsubscribe: { name: 'unsubscribe', text: 'delete from subscription where account_id = $1 and name = $2' },
  claimRecent: { name: 'claim_recent', text: 'select o_from, o_until from claim_recent($1, $2)' },
};

const folderOf = (row: unknown[]): FolderInfo => {
  const [folderId, name, uidvalidity, specialUse] = row as [number, string, number, string | null];
  return { folderId, name, uidvalidity, specialUse };
};

const statusOf = (row: unknown[]): FolderStatus => {
  const [, messages, unseen, deleted, uidnext, uidvalidity, highestmodseq, bytes, recent, deletedBytes] = row as number[];
  return { messages, unseen, deleted, uidnext, uidvalidity, highestmodseq, bytes, recent, deletedBytes } as FolderStatus;
};

export async function listFolders(database: Database, account: AccountId): Promise<FolderInfo[]> {
  return (await database.read(list, [account])).map(folderOf);
}

export async function findFolder(database: Database, account: AccountId, name: string): Promise<FolderInfo | null> {
  const [row] = await database.read(find, [account, name]);
  return row ? folderOf(row) : null;
}

/** What counts rows may take long in a large folder. */
const counting = ({ recent, deletedBytes }: StatusCounts): boolean => recent === true || deletedBytes === true;

export async function readStatus(
  database: Database,
  account: AccountId,
  folderId: number,
  counts: StatusCounts,
): Promise<FolderStatus | null> {
  const query = counting(counts) ? database.bulk : database.read;
  const [row] = await query(statusStatement(true, counts), [account, folderId]);
  return row ? statusOf(row) : null;
}

export async function readStatuses(database: Database, account: AccountId, counts: StatusCounts): Promise<Map<number, FolderStatus>> {
  const query = counting(counts) ? database.bulk : database.read;
  return new Map((await query(statusStatement(false, counts), [account])).map((row) => [Number(row[0]), statusOf(row)]));
}

export async function listSubscriptions(database: Database, account: AccountId): Promise<Set<string>> {
  return new Set((await database.read(subscribed, [account])).map((row) => String(row[0])));
}
