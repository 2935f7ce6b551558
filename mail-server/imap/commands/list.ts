import { ok } from '../completion.ts';
import { matchesPattern } from '../names/match-pattern.ts';
import { formatMailbox } from '../serializer/quote.ts';
import type { ImapSession } from '../context.ts';
import type { FolderInfo } from '../../store/mail-store.ts';
import { loggedIn, type Command } from './command.ts';
import { fullPattern, parseListArguments, type ListArguments } from './list-arguments.ts';
import { countsFor, formatStatus } from './status-items.ts';
import { updateView } from '../select/update-view.ts';

/**
 * RFC 9051 section 6.3.9 with LIST-EXTENDED (5258), LIST-STATUS (5819), SPECIAL-USE (6154), CHILDREN (3348).
 * All that is needed is read before the first line is written: a store that fails half-way answers NO and no list that lacks folders.
 */
export const list: Command = {
  states: loggedIn,
  updates: 'all',
  async run(session, args) {
    const wanted = parseListArguments(args, session.isRev2);
    if (wanted.patterns.length === 1 && wanted.patterns[0] === '' && !wanted.extended) {
      session.writer.untagged('LIST (\\Noselect) "/" ""');
      return ok('LIST done');
    }
    const { store, account } = session;
    const needsSubscriptions = wanted.selection.has('SUBSCRIBED') || wanted.returned.has('SUBSCRIBED');
    const [folders, subscriptions, statuses] = await Promise.all([
      store.folders(account),
      needsSubscriptions ? store.subscriptions(account) : new Set<string>(),
      wanted.status ? store.statuses(account, countsFor(wanted.status)) : null,
    ]);
    if (wanted.status?.includes('HIGHESTMODSEQ')) session.enableCondstore();
    for (const entry of await answer(session, folders, subscriptions, wanted)) {
      session.writer.untagged(line(session, entry, wanted));
      const status = entry.folder && entry.selected && statuses?.get(entry.folder.folderId);
      if (status && wanted.status && entry.folder) {
        const values = formatStatus(session, wanted.status, entry.folder.folderId, status);
        session.writer.untagged(`STATUS ${formatMailbox(entry.name, session.isRev2)} ${values}`);
      }
      if (session.writer.full) await session.writer.drained();
    }
    if (statuses) await updateView(session, true, { expunge: true }); // as in STATUS
    return ok('LIST done');
  },
};

interface Entry {
  name: string;
  /** null: a subscription to a folder that is not there */
  folder: FolderInfo | null;
  hasChildren: boolean;
  subscribed: boolean;
  /** meets the selection itself, not only by what lies below it */
  selected: boolean;
  childInfo: boolean;
}

async function answer(
  session: ImapSession,
  folders: readonly FolderInfo[],
  subscriptions: ReadonlySet<string>,
  wanted: ListArguments,
): Promise<Entry[]> {
  const patterns = Array.from(new Set(wanted.patterns.map((pattern) => fullPattern(wanted.reference, pattern))));
  const byName = new Map(folders.map((folder) => [folder.name, folder]));
  const names = new Set(byName.keys());
  if (wanted.selection.has('SUBSCRIBED')) for (const name of subscriptions) names.add(name);
  const parents = parentsOf(byName.keys());
  const selects = (name: string): boolean =>
    (!wanted.selection.has('SUBSCRIBED') || subscriptions.has(name)) &&
    (!wanted.selection.has('SPECIAL-USE') || Boolean(byName.get(name)?.specialUse));
  const recursive = wanted.selection.has('RECURSIVEMATCH');
  const matches = (name: string): boolean => patterns.some((pattern) => matchesPattern(name, pattern));
  // CHILDINFO tells of what is not listed itself (RFC 5258 section 3.5)
  const aboveSelected = recursive ? parentsOf([...names].filter((name) => selects(name) && !matches(name))) : new Set<string>();
  if (recursive) for (const name of aboveSelected) names.add(name);

  const entries: Entry[] = [];
  for (const name of Array.from(names).sort(byNameInboxFirst)) {
    await session.pace();
    const selected = selects(name);
    const childInfo = aboveSelected.has(name);
    if (!(selected || childInfo) || !matches(name)) continue;
    const folder = byName.get(name) ?? null;
    entries.push({ name, folder, hasChildren: parents.has(name), subscribed: subscriptions.has(name), selected, childInfo });
  }
  return entries;
}

function line(session: ImapSession, entry: Entry, wanted: ListArguments): string {
  const attributes: string[] = [];
  if (!entry.folder) attributes.push('\\NonExistent');
  attributes.push(entry.hasChildren ? '\\HasChildren' : '\\HasNoChildren');
  if (entry.folder?.specialUse) attributes.push(entry.folder.specialUse);
  if (entry.subscribed) attributes.push('\\Subscribed');
  const childInfo = entry.childInfo && wanted.selection.has('SUBSCRIBED') ? ' ("CHILDINFO" ("SUBSCRIBED"))' : '';
  return `LIST (${attributes.join(' ')}) "/" ${formatMailbox(entry.name, session.isRev2)}${childInfo}`;
}

/** All names above the given ones. */
export function parentsOf(names: Iterable<string>): Set<string> {
  const parents = new Set<string>();
  for (const name of names) {
    for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
      const parent = name.slice(0, end);
      if (parents.has(parent)) break;
      parents.add(parent);
    }
  }
  return parents;
}

export function byNameInboxFirst(a: string, b: string): number {
  if (a === 'INBOX') return -1;
  if (b === 'INBOX') return 1;
  return a < b ? -1 : Number(a > b);
}
