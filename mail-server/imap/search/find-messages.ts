import type { FolderSnapshot } from '../../store/mail-store.ts';
import type { ImapSession } from '../context.ts';
import type { Cursor } from '../parser/cursor.ts';
import { parseCharset } from './charset.ts';
import { evaluateSearch } from './evaluate.ts';
import { contains } from './keys.ts';
import { parseSearchKeys } from './parse-keys.ts';

interface Found {
  shown: FolderSnapshot;
  /** indexes, ascending */
  found: number[];
  /** a MODSEQ key was used */
  withModseq: boolean;
}

/** What SORT and THREAD end with, a charset and search keys (RFC 5256), and the messages that these find. */
export async function findMessages(session: ImapSession, args: Cursor): Promise<Found> {
  args.space();
  const read = parseCharset(args);
  args.space();
  const key = parseSearchKeys(args, read);
  args.end();
  const view = session.selectedView;
  const { shown } = view;
  const withModseq = contains(key, 'modseq');
  if (withModseq) session.enableCondstore();
  return { shown, found: await evaluateSearch(session, view, key), withModseq };
}
