import type { FolderStatus, StatusCounts } from '../../store/mail-store.ts';
import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';
import type { ImapSession } from '../context.ts';

type Item = (folderId: number, status: FolderStatus, session: ImapSession) => string;

/** RFC 9051 section 6.3.11, RFC 7162, RFC 8438, RFC 8474, RFC 7889, RFC 9208 (DELETED, DELETED-STORAGE); RECENT is of RFC 3501. */
const items: Record<string, Item> = {
  MESSAGES: (_id, status) => String(status.messages),
  RECENT: (_id, status) => String(status.recent),
  UIDNEXT: (_id, status) => String(status.uidnext),
  UIDVALIDITY: (_id, status) => String(status.uidvalidity),
  UNSEEN: (_id, status) => String(status.unseen),
  DELETED: (_id, status) => String(status.deleted),
  SIZE: (_id, status) => String(status.bytes),
  'DELETED-STORAGE': (_id, status) => String(status.deletedBytes),
  HIGHESTMODSEQ: (_id, status) => String(status.highestmodseq),
  MAILBOXID: (folderId) => `(F${folderId})`,
  APPENDLIMIT: (_id, _status, session) => String(session.services.settings.messageBytes),
};

/** "(" items ")" */
export function parseStatusItems(args: Cursor): string[] {
  const wanted: string[] = [];
  args.list(1, () => {
    const name = args.keyword();
    if (!Object.hasOwn(items, name)) throw new ParseError(`Unknown STATUS item ${name}`);
    if (!wanted.includes(name)) wanted.push(name);
  });
  return wanted;
}

export function formatStatus(session: ImapSession, wanted: readonly string[], folderId: number, status: FolderStatus): string {
  return `(${wanted.map((name) => `${name} ${items[name]?.(folderId, status, session) ?? ''}`).join(' ')})`;
}

/** What has to be counted for the items. */
export const countsFor = (wanted: readonly string[]): StatusCounts => ({
  recent: wanted.includes('RECENT'),
  deletedBytes: wanted.includes('DELETED-STORAGE'),
});
