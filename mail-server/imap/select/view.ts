import type { KeywordSets } from '../../store/keyword-sets.ts';
import type { FolderSnapshot } from '../../store/mail-store.ts';
import type { ToldKeywords } from './told-keywords.ts';

/**
 * What one session was told of its selected folder. `shown` is the shared snapshot of the process, or a private one while messages that
 * others expunged must keep their numbers (RFC 9051 section 7.5.1: no EXPUNGE during FETCH, STORE, SEARCH).
 */
export interface View {
  folderId: number;
  readOnly: boolean;
  uidvalidity: number;
  shown: FolderSnapshot;
  keywords: KeywordSets;
  toldKeywords: ToldKeywords;
  /** UID ranges that this session claimed as \Recent (IMAP4rev1), ascending */
  recent: Array<[low: number, high: number]>;
  /** what the client was told as RECENT last */
  recentTold: number;
  /** result of the last SEARCH RETURN (SAVE), UIDs ascending */
  saved: readonly number[];
  /** size and part map of the message last read in pieces: clients ask for attachments 128 KiB at a time */
  lastRead: { messageId: number; size: number; header: Buffer; parts: Buffer } | null;
}

/** The first range that does not end below `uid`. Two sessions that claim in turns leave thousands of ranges. */
function rangeFrom(ranges: View['recent'], uid: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.[1] ?? 0) < uid) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function isRecent(view: View, uid: number): boolean {
  const range = view.recent[rangeFrom(view.recent, uid)];
  return range !== undefined && range[0] <= uid;
}

export function countRecent(view: View): number {
  const [first] = view.recent;
  if (!first) return 0;
  let count = 0;
  const { uids } = view.shown;
  for (let index = view.shown.count - 1; index >= 0 && (uids[index] ?? 0) >= first[0]; index--) {
    if (isRecent(view, uids[index] ?? 0)) count++;
  }
  return count;
}
