import type { FolderSnapshot } from '../../store/mail-store.ts';
import type { Teller } from '../context.ts';
import type { AnnounceOptions } from './announce-options.ts';
import { difference } from './difference.ts';
import { formatFlags, setsInUse, systemFlagNames } from './flags-text.ts';
import { uidAt } from './index-ranges.ts';
import { countRecent, isRecent, type View } from './view.ts';

/**
 * Moves a session's view to a newer picture and tells the client: EXPUNGE from the highest number down, then EXISTS and RECENT, then
 * FETCH for flags that changed. What may fail is asked for before the view moves, so that all of it is told or, next time, all of it.
 */
export async function announce(session: Teller, view: View, newer: FolderSnapshot, options: AnnounceOptions): Promise<void> {
  const older = view.shown;
  if (newer === older && !options.own) return;
  const found = difference(older, newer, !options.expunge, options.own);
  const { writer } = session;
  await announceKeywords(session, view, found.shown);
  if (found.added > 0) await claimNew(session, view);
  view.shown = found.shown;
  for (let at = found.vanished.length - 1; at >= 0; at--) {
    writer.untagged(`${(found.vanished[at] ?? 0) + 1} EXPUNGE`);
    if (writer.full) await writer.drained();
  }
  if (found.vanished.length > 0) dropSaved(view, older, found.vanished);
  if (found.added > 0) writer.untagged(`${view.shown.count} EXISTS`);
  if (found.added > 0 || found.vanished.length > 0) tellRecent(session, view, found.added > 0);
  const shown = view.shown;
  for (const index of found.flags) {
    if (options.skip?.(index)) continue;
    const modseqOnly = found.modseqOnly.has(index);
    if (modseqOnly && !session.condstore) continue;
    writer.text(`* ${index + 1} FETCH (${flagItems(session, view, shown, index, modseqOnly, options.withUid === true)})\r\n`);
    if (writer.full) await writer.drained();
  }
}

/** RECENT of IMAP4rev1: with EXISTS, and where there are fewer because some were expunged. */
function tellRecent(session: Teller, view: View, always: boolean): void {
  if (session.isRev2 || (view.recent.length === 0 && !always)) return;
  const count = countRecent(view);
  if (!always && count === view.recentTold) return;
  view.recentTold = count;
  session.writer.untagged(`${count} RECENT`);
}

/** New messages are \\Recent in the session that claims them first (RFC 3501 section 2.3.2); EXAMINE looks without claiming. */
async function claimNew(session: Teller, view: View): Promise<void> {
  if (session.isRev2 || view.readOnly) return;
  const claimed = await session.store.claimRecent(session.account, view.folderId);
  if (!claimed) return;
  const last = view.recent.at(-1);
  if (last && last[1] + 1 === claimed[0]) last[1] = claimed[1];
  else view.recent.push(claimed);
}

function flagItems(session: Teller, view: View, shown: FolderSnapshot, index: number, modseqOnly: boolean, withUid: boolean): string {
  const uid = withUid || session.isRev2 ? `UID ${uidAt(shown, index)}` : '';
  const flags = modseqOnly ? '' : `${uid ? ' ' : ''}FLAGS (${flagsOf(session, view, shown, index)})`;
  const modseq = session.condstore ? `${uid || flags ? ' ' : ''}MODSEQ (${shown.modseqs[index] ?? 0})` : '';
  return uid + flags + modseq;
}

/** Flags of a message as the client sees them, with \Recent for IMAP4rev1. */
export function flagsOf(session: Teller, view: View, shown: FolderSnapshot, index: number): string {
  const text = formatFlags(shown.flags[index] ?? 0n, view.keywords);
  if (session.isRev2 || view.recent.length === 0 || !isRecent(view, uidAt(shown, index))) return text;
  return text === '' ? '\\Recent' : `${text} \\Recent`;
}

/** The client hears of a new keyword before it sees it at a message. Costs nothing while all flags in use are known. */
export async function announceKeywords(session: Teller, view: View, shown: FolderSnapshot): Promise<void> {
  const missing = view.toldKeywords.missing(setsInUse(shown));
  if (missing.length === 0) return;
  view.keywords = await session.store.keywordSets(session.account, missing);
  if (view.toldKeywords.add(missing, view.keywords)) session.writer.untagged(`FLAGS (${systemFlagNames}${view.toldKeywords.text})`);
}

function dropSaved(view: View, older: FolderSnapshot, vanished: readonly number[]): void {
  if (view.saved.length === 0) return;
  const gone = new Set(vanished.map((index) => uidAt(older, index)));
  view.saved = view.saved.filter((uid) => !gone.has(uid));
}
