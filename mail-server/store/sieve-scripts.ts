import type { Database, Query } from './postgres/database.ts';
import { StoreError } from './store-error.ts';
import type { AccountId } from '../../lib/db/ids.ts';

export interface ScriptEntry {
  name: string;
  active: boolean;
}

export interface ScriptLimits {
  scripts: number;
  /** of all scripts of a mailbox together */
  bytes: number;
}

export type PutResult = 'stored' | 'TooManyScripts' | 'TooLarge' | 'OverQuota';

const statement = (name: string, text: string) => ({ name: `sieve_${name}`, text });
const statements = {
  list: statement('list', `select name, coalesce(active, false) from sieve_script where account_id = $1 order by name collate "C"`),
  read: statement('read', 'select content from sieve_script where account_id = $1 and name = $2'),
  all: statement('all', 'select name, coalesce(active, false), content from sieve_script where account_id = $1'),
  // writes of one mailbox come one after the other, so that two at once cannot pass a limit together
  lock: statement('lock', 'select 1 from account_counter where account_id = $1 for no key update'),
  others: statement(
    'others',
    'select count(*), coalesce(sum(octet_length(content)), 0) from sieve_script where account_id = $1 and name <> $2',
  ),
  put: statement(
    'put',
    `insert into sieve_script (account_id, name, content) values ($1, $2, $3)
     on conflict (account_id, name) do update set content = excluded.content, updated_at = now()`,
  ),
  find: statement('find', 'select coalesce(active, false) from sieve_script where account_id = $1 and name = $2'),
  delete: statement('delete', 'delete from sieve_script where account_id = $1 and name = $2'),
  rename: statement('rename', 'update sieve_script set name = $3, updated_at = now() where account_id = $1 and name = $2'),
  deactivate: statement('deactivate', 'update sieve_script set active = null where account_id = $1 and active'),
  activate: statement('activate', 'update sieve_script set active = true where account_id = $1 and name = $2'),
};

/** In the order of their names. */
export async function listScripts(database: Database, account: AccountId): Promise<ScriptEntry[]> {
  const rows = await database.read(statements.list, [account]);
  return rows.map((row) => {
    const [name, active] = row as [string, boolean];
    return { name, active };
  });
}

/** Null if there is none of that name. */
export async function readScript(database: Database, account: AccountId, name: string): Promise<string | null> {
  const [row] = await database.read(statements.read, [account, name]);
  return row ? String(row[0]) : null;
}

/** All scripts by name, for what `include` looks for, and the name of the active one. */
export async function readScripts(
  database: Database,
  account: AccountId,
): Promise<{ active: string | null; contents: Map<string, string> }> {
  const rows = (await database.read(statements.all, [account])) as [string, boolean, string][];
  return {
    active: rows.find(([, active]) => active)?.[0] ?? null,
    contents: new Map(rows.map(([name, , content]) => [name, content])),
  };
}

/** Stores a script under a name, in place of the one that has it; that stays active if it was. */
export function putScript(
  database: Database,
  account: AccountId,
  limits: ScriptLimits,
  { name, content }: { name: string; content: string },
): Promise<PutResult> {
  return changing(database, account, async (query) => {
    const room = await roomFor(query, account, limits, name, Buffer.byteLength(content));
    if (room === 'stored') await query(statements.put, [account, name, content]);
    return room;
  });
}

/** What `putScript` would say of a script of that size. */
export async function hasSpace(
  database: Database,
  account: AccountId,
  limits: ScriptLimits,
  name: string,
  bytes: number,
): Promise<PutResult> {
  return roomFor(database.read, account, limits, name, bytes);
}

async function roomFor(query: Query, account: AccountId, limits: ScriptLimits, name: string, bytes: number): Promise<PutResult> {
  if (bytes > limits.bytes) return 'TooLarge';
  const [row] = await query(statements.others, [account, name]);
  const [count, used] = (row ?? [0, 0]).map(Number);
  if ((count ?? 0) >= limits.scripts) return 'TooManyScripts';
  return (used ?? 0) + bytes > limits.bytes ? 'OverQuota' : 'stored';
}

export function deleteScript(database: Database, account: AccountId, name: string): Promise<'deleted' | 'UnknownScript' | 'ActiveScript'> {
  return changing(database, account, async (query) => {
    const [found] = await query(statements.find, [account, name]);
    if (!found) return 'UnknownScript';
    if (found[0] === true) return 'ActiveScript';
    await query(statements.delete, [account, name]);
    return 'deleted';
  });
}

/** An active script stays active under its new name. */
export function renameScript(
  database: Database,
  account: AccountId,
  from: string,
  to: string,
): Promise<'renamed' | 'UnknownScript' | 'ScriptExists'> {
  return changing(database, account, async (query) => {
    const [found, taken] = await Promise.all([query(statements.find, [account, from]), query(statements.find, [account, to])]);
    if (found.length === 0) return 'UnknownScript';
    if (from === to) return 'renamed';
    if (taken.length > 0) return 'ScriptExists';
    await query(statements.rename, [account, from, to]);
    return 'renamed';
  });
}

/** Makes one script the active one; null: none is. */
export function activateScript(database: Database, account: AccountId, name: string | null): Promise<'activated' | 'UnknownScript'> {
  return changing(database, account, async (query) => {
    if (name !== null && (await query(statements.find, [account, name])).length === 0) return 'UnknownScript';
    await query(statements.deactivate, [account]);
    if (name !== null) await query(statements.activate, [account, name]);
    return 'activated';
  });
}

function changing<Result>(database: Database, account: AccountId, work: (query: Query) => Promise<Result>): Promise<Result> {
  return database.transaction(async (query) => {
    const [locked] = await query(statements.lock, [account]);
    if (!locked) throw new StoreError('UnknownAccount');
    return work(query);
  });
}
