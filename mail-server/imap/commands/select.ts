import { no, ok, type Completion } from '../completion.ts';
import { canonicalName } from '../../folder-name.ts';
import { decodeMailbox } from '../names/mailbox-name.ts';
import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';
import { flagWords } from '../../store/folder-snapshot.ts';
import { setsInUse, systemFlagNames } from '../select/flags-text.ts';
import { uidAt } from '../select/index-ranges.ts';
import { ToldKeywords } from '../select/told-keywords.ts';
import { countRecent, type View } from '../select/view.ts';
import type { ImapSession } from '../context.ts';
import { Flag, type FolderInfo, type FolderSnapshot } from '../../store/mail-store.ts';
import { loggedIn, type Command } from './command.ts';
import { formatListed } from './listed.ts';

/** RFC 9051 section 6.3.2 */
export const select: Command = {
  states: loggedIn,
  updates: 'none',
  run: (session, args) => open(session, args, false),
};

/** RFC 9051 section 6.3.3 */
export const examine: Command = { ...select, run: (session, args) => open(session, args, true) };

async function open(session: ImapSession, args: Cursor, readOnly: boolean): Promise<Completion> {
  args.space();
  const given = decodeMailbox(args.astring(), session.isRev2);
  const parameters = args.more() ? parseParameters(args) : [];
  args.end();
  // a folder that was open is closed even if this one cannot be opened
  const wasOpen = session.view !== null;
  session.leaveFolder();
  if (wasOpen && (session.isRev2 || session.condstore)) session.writer.untagged('OK [CLOSED] Previous mailbox is closed');
  if (parameters.includes('CONDSTORE')) session.enableCondstore();

  const { store, account } = session;
  const folder = await store.findFolder(account, canonicalName(given));
  if (!folder) return no('No such mailbox', 'NONEXISTENT');
  const view = await openView(session, folder, readOnly);
  const listed = session.isRev2 ? formatListed(folder, await hasChildren(session, folder), given) : null;
  session.enterFolder(view);
  describe(session, view, listed);
  return ok(readOnly ? 'EXAMINE done' : 'SELECT done', readOnly ? 'READ-ONLY' : 'READ-WRITE');
}

function parseParameters(args: Cursor): string[] {
  const parameters: string[] = [];
  args.list(1, () => {
    const name = args.keyword();
    if (name !== 'CONDSTORE') throw new ParseError(`Unknown parameter ${name}`);
    parameters.push(name);
  });
  return parameters;
}

async function openView(session: ImapSession, folder: FolderInfo, readOnly: boolean): Promise<View> {
  const { store, account } = session;
  const { folderId } = folder;
  const shown = await store.snapshot(account, folderId);
  const sets = setsInUse(shown);
  const [keywords, recent] = await Promise.all([
    sets.size === 0 ? new Map<number, string[]>() : store.keywordSets(account, sets),
    recentIn(session, folderId, shown, readOnly),
  ]);
  const toldKeywords = new ToldKeywords();
  toldKeywords.add(sets, keywords);
  const base = { folderId, readOnly, uidvalidity: folder.uidvalidity, shown, keywords, toldKeywords };
  return { ...base, recent, recentTold: 0, saved: [], lastRead: null };
}

/** IMAP4rev1 only: UIDs that this session is the first to hear of (RFC 3501 section 2.3.2). EXAMINE looks without claiming. */
async function recentIn(
  session: ImapSession,
  folderId: number,
  shown: FolderSnapshot,
  readOnly: boolean,
): Promise<Array<[number, number]>> {
  if (session.isRev2) return [];
  const { store, account } = session;
  if (!readOnly) {
    const claimed = await store.claimRecent(account, folderId);
    return claimed ? [claimed] : [];
  }
  const { recent } = await store.status(account, folderId, { recent: true });
  return recent === 0 ? [] : [[uidAt(shown, Math.max(0, shown.count - recent)), shown.uidnext - 1]];
}

const hasChildren = async ({ store, account }: ImapSession, { name }: FolderInfo): Promise<boolean> =>
  (await store.folders(account)).some((other) => other.name.startsWith(`${name}/`));

/** `listed`: the LIST response of IMAP4rev2. Nothing fails here: the folder is open. */
function describe({ writer, isRev2 }: ImapSession, view: View, listed: string | null): void {
  const { shown } = view;
  const all = view.toldKeywords.text;
  writer.untagged(`FLAGS (${systemFlagNames}${all})`);
  const permanent = view.readOnly ? '' : `${systemFlagNames}${all} \\*`;
  writer.untagged(`OK [PERMANENTFLAGS (${permanent})] Flags that are kept`);
  writer.untagged(`${shown.count} EXISTS`);
  view.recentTold = countRecent(view);
  if (!isRev2) writer.untagged(`${view.recentTold} RECENT`);
  const unseen = firstUnseen(shown);
  if (!isRev2 && unseen > 0) writer.untagged(`OK [UNSEEN ${unseen}] First unseen`);
  writer.untagged(`OK [UIDVALIDITY ${view.uidvalidity}] UIDs valid`);
  writer.untagged(`OK [UIDNEXT ${shown.uidnext}] Next UID`);
  writer.untagged(`OK [HIGHESTMODSEQ ${shown.highestmodseq}] Highest`);
  writer.untagged(`OK [MAILBOXID (F${view.folderId})] Id`);
  if (listed !== null) writer.untagged(listed);
}

/** Sequence number of the first message without \Seen, 0 if there is none. */
function firstUnseen(shown: FolderSnapshot): number {
  const words = flagWords(shown);
  const seen = Number(Flag.Seen);
  for (let index = 0; index < shown.count; index++) if (((words[index * 2] ?? 0) & seen) === 0) return index + 1;
  return 0;
}
