import { appendMessage, appendParameters, inOneCopy } from './append-messages.ts';
import type { Query } from './postgres/database.ts';
import { bytesOf, type Delivery } from './delivery-batcher.ts';
import { inOneGo } from './postgres/in-one-go.ts';
import { enqueue } from './queue/queue-store.ts';
import { rememberKey } from './rules-store.ts';
import { StoreError } from './store-error.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import { INBOX_ID, type Decided, type Delivered } from './mail-store.ts';
import { withhold } from './withheld-letters.ts';

const createFolder = { name: 'decided_create_folder', text: 'select o_folder_id from create_folder($1, $2, null)' };
const findFolder = { name: 'decided_find_folder', text: 'select folder_id from folder where account_id = $1 and name = $2' };
// with the folder and the parents that it lacks
const countWith = {
  name: 'decided_count_with',
  text: `select (select count(*) from folder where account_id = $1) + cardinality($2::text[])
    - (select count(*) from folder where account_id = $1 and name = any ($2))`,
};
const takeKey = {
  name: 'decided_take_key',
  text: 'insert into delivery_key (account_id, key) values ($1, $2) on conflict do nothing returning 1',
};
const lockAccount = { name: 'decided_lock', text: 'select 1 from account_counter where account_id = $1 for no key update' };

/** The parameters of append_message, and the folder that has to be made before. */
interface Copy {
  create: string | null;
  parameters: unknown[];
}

/**
 * Copies, redirects, answers and what is remembered: all in one transaction, or nothing. OverQuota, UnknownAccount. A folder that a mailbox may not
 * have any more is INBOX: its name may come from a letter, and so from anybody.
 */
export function decidedDelivery(decided: Decided, mostFolders: number): Delivery {
  const { account, key, sharedKey, outgoing, withheld, once } = decided;
  // the key goes with the first copy
  const copies = decided.copies.map(({ folderId, create, message }, at) => ({
    create,
    parameters: appendParameters(account, folderId, message, at === 0 ? key : null),
  }));
  const contents = [...outgoing, ...withheld].reduce((sum, { content }) => sum + content.length, 0);
  const [only, ...others] = copies;
  return {
    bytes: copies.reduce((sum, { parameters }) => sum + bytesOf(parameters), contents),
    isStatement: sharedKey === null && only?.create === null && others.length + outgoing.length + withheld.length + once.length === 0,
    write: (query) => writeDecided(query, decided, copies, mostFolders),
  };
}

async function writeDecided(query: Query, decided: Decided, copies: readonly Copy[], mostFolders: number): Promise<Delivered | null> {
  const { account, key, sharedKey, outgoing, withheld, once } = decided;
  if (sharedKey !== null && !(await takesKey(query, account, sharedKey))) return null;
  if (copies.length === 0 && !(await takesKey(query, account, key))) return null;
  // two processes that look for the same folder must see what each other makes
  if (copies.some(({ create }) => create !== null)) await query(lockAccount, [account]);
  // one copy a folder (RFC 5228 section 2.10.3), also where it is INBOX in another's place
  const placed = new Map<number, unknown[]>();
  for (const { create, parameters } of copies) {
    const folderId = create === null ? parameters[1] : await inTurn(query, () => folderNamed(query, account, create, mostFolders));
    const at = Number(folderId ?? INBOX_ID);
    const before = placed.get(at);
    placed.set(at, before ? inOneCopy(before, parameters) : parameters.with(1, at));
  }
  const appending = Array.from(placed.values(), (parameters) => appendMessage(query, parameters));
  const withholding = withheld.map((letter) => withhold(query, letter));
  const queueing = outgoing.map((message) => enqueue(query, message));
  await inOneGo<unknown>([...appending, ...withholding, ...queueing]);
  let queued = (await Promise.all(queueing)).filter((id) => id !== null).length;
  for (const { key: memory, seconds, message, anew } of once) {
    if (!(await rememberKey(query, account, memory, seconds, anew)) || !message) continue;
    if ((await enqueue(query, message)) !== null) queued++;
  }
  return { appended: await Promise.all(appending), queued };
}

/** Where nothing is stored that would take it, or it is a second one. */
async function takesKey(query: Query, account: AccountId, key: Buffer): Promise<boolean> {
  const [found, mine] = await inOneGo([query(lockAccount, [account]), query(takeKey, [account, key])]);
  if (found?.length !== 1) throw new StoreError('UnknownAccount');
  return mine?.length === 1;
}

/** The last folder that was looked for in a transaction. */
const looking = new WeakMap<Query, Promise<unknown>>();

/** Letters that share a transaction wait for no lock of each other's: they look for folders one after the other, and see what was made before. */
function inTurn<T>(query: Query, look: () => Promise<T>): Promise<T> {
  const found = (looking.get(query) ?? Promise.resolve()).then(look);
  looking.set(
    query,
    found.catch(() => undefined),
  );
  return found;
}

async function folderNamed(query: Query, account: AccountId, name: string, mostFolders: number): Promise<number | null> {
  const [known] = await query(findFolder, [account, name]);
  if (known) return Number(known[0]);
  const path = name.split('/').map((_, at, pieces) => pieces.slice(0, at + 1).join('/'));
  const [counted] = await query(countWith, [account, path]);
  if (Number(counted?.[0]) > mostFolders) return null;
  const [made] = await query(createFolder, [account, name]);
  return Number(made?.[0]);
}
