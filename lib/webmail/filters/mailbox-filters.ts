import { createHash } from 'node:crypto';
import { createOneAtATime } from '../../workers/one-at-a-time.ts';
import { onceInProcess } from '../../config/once-in-process.ts';
import { withImap } from '../connection/imap-pool.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { folderIds } from '../folders/folder-ids.ts';
import type { FilterItem } from './filter.ts';
import { followFolders } from './follow-folders.ts';
import { readScript } from './read-sieve.ts';
import { withSieve, type SieveClient } from './sieve-client.ts';
import { writeScript } from './write-sieve.ts';

/** The script that the webmail writes. Every other one belongs to somebody else's editor. */
const ownScript = 'postamt';

export interface FilterState {
  items: FilterItem[];
  /** the script that the items are of, as text */
  text: string;
  /** says whether it is still the one that was read */
  version: string;
  /** whether letters go through it */
  active: boolean;
  /** the active script of another editor */
  foreign: { name: string; text: string; version: string } | null;
}

export interface FilterSaved {
  state: FilterState;
  /** changed: somebody else saved meanwhile; foreign: another script is active, and what becomes of it was not said; invalid: see `faults` */
  problem: 'changed' | 'foreign' | 'invalid' | null;
  /** what the server says is wrong, each line with its number */
  faults: string;
}

export type TakeOver = 'ask' | 'include' | 'replace';

const versionOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

async function stateOf(client: SieveClient, folders: ReadonlyMap<string, string>): Promise<FilterState> {
  const scripts = await client.list();
  const text = scripts.some(({ name }) => name === ownScript) ? ((await client.get(ownScript)) ?? '') : '';
  const activeName = scripts.find(({ active }) => active)?.name ?? null;
  const foreign = activeName === null || activeName === ownScript ? null : ((await client.get(activeName)) ?? '');
  return {
    items: followFolders(readScript(text).items, folders),
    text,
    version: versionOf(text),
    active: activeName === ownScript,
    foreign: foreign === null || activeName === null ? null : { name: activeName, text: foreign, version: versionOf(foreign) },
  };
}

/**
 * ManageSieve has no condition for PUTSCRIPT: of two windows that save at once, each would find what it had read. So this process makes the changes
 * of a mailbox's scripts one after the other. It waits for the mail server meanwhile, so no transaction is held for it: ten mailboxes would have all
 * connections of the web.
 */
async function inTurn<T>(
  mailbox: MailboxIdentity,
  change: (client: SieveClient, folders: ReadonlyMap<string, string>) => Promise<T>,
): Promise<T> {
  const turns = onceInProcess('webmail.filters', () => createOneAtATime(mostWaiting));
  const changed = await turns(String(mailbox.mailboxId), async () => ({ result: await withFolders(mailbox, change) }));
  if (changed === null) throw new MailError('TooManyWindows');
  return changed.result;
}
const mostWaiting = 10;

/** With what the folders are called at this moment. */
async function withFolders<T>(
  mailbox: MailboxIdentity,
  work: (client: SieveClient, folders: ReadonlyMap<string, string>) => Promise<T>,
): Promise<T> {
  const folders = await withImap(mailbox, folderIds, { retry: true });
  return withSieve(mailbox, (client) => work(client, folders));
}

/** Throws MailError. */
export const readFilters = (mailbox: MailboxIdentity): Promise<FilterState> => withFolders(mailbox, stateOf);

/** Writes the filters. What was read as text goes back as it was. Throws MailError. */
export function saveFilters(
  mailbox: MailboxIdentity,
  given: { version: string; items: readonly FilterItem[]; takeOver: TakeOver },
): Promise<FilterSaved> {
  return inTurn(mailbox, async (client, folders) => {
    const state = await stateOf(client, folders);
    if (state.version !== given.version) return { state, problem: 'changed', faults: '' };
    if (state.foreign && given.takeOver === 'ask') return { state, problem: 'foreign', faults: '' };
    const read = readScript(state.text);
    const including = state.foreign && given.takeOver === 'include' ? includeOf(state.foreign.name) : null;
    const wanted = followFolders(given.items, folders);
    const items = including && !wanted.some((item) => isSameText(item, including)) ? [including, ...wanted] : wanted;
    const needsOld = items.some(({ kind }) => kind === 'text');
    const requires = [...(needsOld ? read.requires : []), ...(items.some(isInclude) ? ['include'] : [])];
    const faults = await client.put(ownScript, writeScript({ head: read.head, requires, items }));
    if (faults !== null) return { state, problem: 'invalid', faults };
    const refused = state.active ? null : await client.activate(ownScript);
    return { state: await stateOf(client, folders), problem: refused === null ? null : 'invalid', faults: refused ?? '' };
  });
}

/** The other script stays where it is, and is asked first (RFC 6609). */
const includeOf = (name: string): FilterItem => ({
  kind: 'text',
  name,
  text: `include :personal "${name.replace(/["\\]/g, '\\$&')}";`,
});
const isInclude = (item: FilterItem): boolean => item.kind === 'text' && /\binclude\s/.test(item.text);
const isSameText = (item: FilterItem, other: FilterItem): boolean =>
  item.kind === 'text' && other.kind === 'text' && item.text.trim() === other.text.trim();

/** Writes a script as text: the own one, which is active then unless another editor's is, or that one. Throws MailError. */
export function saveScriptText(mailbox: MailboxIdentity, given: { own: boolean; version: string; text: string }): Promise<FilterSaved> {
  return inTurn(mailbox, async (client, folders) => {
    const state = await stateOf(client, folders);
    const before = given.own ? state : state.foreign;
    if (before?.version !== given.version) return { state, problem: 'changed', faults: '' };
    const refused = await client.put(given.own ? ownScript : (state.foreign?.name ?? ownScript), given.text);
    const faults = refused ?? (state.active || state.foreign ? null : await client.activate(ownScript));
    return { state: await stateOf(client, folders), problem: faults === null ? null : 'invalid', faults: faults ?? '' };
  });
}
