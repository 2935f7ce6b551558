import type { FolderSnapshot } from '../../store/types.ts';
import type { Keywords } from './flags-text.ts';

/**
 * What one session was told of its selected folder. `shown` is the shared snapshot of the process, or a private one while messages that
 * others expunged must keep their numbers (RFC 9051 section 7.5.1: no EXPUNGE during FETCH, STORE, SEARCH).
 */
export interface View {
  folderId: number;
  name: string;
  readOnly: boolean;
  uidvalidity: number;
  shown: FolderSnapshot;
  keywords: Keywords;
  /** UID ranges that this session claimed as \Recent (IMAP4rev1), ascending */
  recent: Array<[low: number, high: number]>;
  /** result of the last SEARCH RETURN (SAVE), UIDs ascending */
  saved: readonly number[];
  /** size and part map of the message last read in pieces: clients ask for attachments 128 KiB at a time */
  lastRead: { messageId: number; size: number; header: Buffer; parts: Buffer } | null;
  endOfHints: () => void;
}

export const isRecent = (view: View, uid: number): boolean => view.recent.some(([low, high]) => uid >= low && uid <= high);

export function countRecent(view: View): number {
  if (view.recent.length === 0) return 0;
  let count = 0;
  const { uids } = view.shown;
  for (let index = view.shown.count - 1; index >= 0 && (uids[index] ?? 0) >= (view.recent[0]?.[0] ?? 0); index--) {
    if (isRecent(view, uids[index] ?? 0)) count++;
  }
  return count;
}
