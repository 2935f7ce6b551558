import type { FolderSnapshot } from '../../store/types.ts';
import type { Session } from '../session.ts';
import { difference, type OwnChange } from './difference.ts';
import { flagsInUse, formatFlags, keywordList, knownFlags, systemFlagNames } from './flags-text.ts';
import { uidAt } from './index-ranges.ts';
import { countRecent, isRecent, type View } from './view.ts';

export interface AnnounceOptions {
  /** EXPUNGE may be sent now */
  expunge: boolean;
  /** FETCH answers name the UID (UID commands) */
  withUid?: boolean;
  own?: OwnChange;
  /** the command answers for its own messages itself (FETCH that sets \Seen) */
  skip?: (index: number) => boolean;
}

/**
 * Moves a session's view to a newer picture and tells the client: EXPUNGE from the highest number down, then EXISTS and RECENT, then
 * FETCH for flags that changed. The view is the new one before the first byte is written.
 */
export async function announce(session: Session, view: View, newer: FolderSnapshot, options: AnnounceOptions): Promise<void> {
  const older = view.shown;
  if (newer === older && !options.own) return;
  const found = difference(older, newer, !options.expunge, options.own);
  view.shown = found.shown;
  const { writer } = session;
  await announceKeywords(session, view);
  for (let at = found.vanished.length - 1; at >= 0; at--) {
    writer.untagged(`${(found.vanished[at] ?? 0) + 1} EXPUNGE`);
    if (writer.full) await writer.drained();
  }
  if (found.vanished.length > 0) dropSaved(view, older, found.vanished);
  if (found.added > 0) {
    await claimNew(session, view);
    writer.untagged(`${view.shown.count} EXISTS`);
    if (!session.isRev2) writer.untagged(`${countRecent(view)} RECENT`);
  }
  const shown = view.shown;
  for (const index of found.flags) {
    if (options.skip?.(index)) continue;
    const modseqOnly = found.modseqOnly.has(index);
    if (modseqOnly && !session.condstore) continue;
    writer.text(`* ${index + 1} FETCH (${flagItems(session, view, shown, index, modseqOnly, options.withUid === true)})\r\n`);
    if (writer.full) await writer.drained();
  }
}

/** New messages are \\Recent in the session that claims them first (RFC 3501 section 2.3.2); EXAMINE looks without claiming. */
async function claimNew(session: Session, view: View): Promise<void> {
  if (session.isRev2 || view.readOnly) return;
  const claimed = await session.store.claimRecent(session.account, view.folderId);
  if (!claimed) return;
  const last = view.recent.at(-1);
  if (last && last[1] + 1 === claimed[0]) last[1] = claimed[1];
  else view.recent.push(claimed);
}

function flagItems(session: Session, view: View, shown: FolderSnapshot, index: number, modseqOnly: boolean, withUid: boolean): string {
  const uid = withUid || session.isRev2 ? `UID ${uidAt(shown, index)}` : '';
  const flags = modseqOnly ? '' : `${uid ? ' ' : ''}FLAGS (${flagsOf(session, view, shown, index)})`;
  const modseq = session.condstore ? `${uid || flags ? ' ' : ''}MODSEQ (${shown.modseqs[index] ?? 0})` : '';
  return uid + flags + modseq;
}

/** Flags of a message as the client sees them, with \Recent for IMAP4rev1. */
export function flagsOf(session: Session, view: View, shown: FolderSnapshot, index: number): string {
  const text = formatFlags(shown.flags[index] ?? 0n, view.keywords);
  if (session.isRev2 || view.recent.length === 0 || !isRecent(view, uidAt(shown, index))) return text;
  return text === '' ? '\\Recent' : `${text} \\Recent`;
}

/** The client hears of a new keyword before it sees it at a message. Costs nothing while all flags in use are known. */
export async function announceKeywords(session: Session, view: View): Promise<void> {
  const inUse = flagsInUse(view.shown);
  if ((inUse & ~knownFlags(view.keywords)) === 0n) return;
  const keywords = await session.store.keywords(session.account, inUse);
  if (keywords.size === view.keywords.size) return;
  view.keywords = keywords;
  session.writer.untagged(`FLAGS (${systemFlagNames}${keywordList(keywords)})`);
}

function dropSaved(view: View, older: FolderSnapshot, vanished: readonly number[]): void {
  if (view.saved.length === 0) return;
  const gone = new Set(vanished.map((index) => uidAt(older, index)));
  view.saved = view.saved.filter((uid) => !gone.has(uid));
}
