import type { FolderSnapshot } from '../../store/mail-store.ts';
import type { ImapSession } from '../context.ts';
import type { Cursor } from '../parser/cursor.ts';
import { parseCharset } from './charset.ts';
import { evaluateSearch } from './evaluate.ts';
import { contains } from './keys.ts';
import { parseSearchKeys } from './parse-keys.ts';

/** What SORT and THREAD end with, a charset and search keys (RFC 5256), and the indexes of the messages that these find. */
export async function findMessages(session: ImapSession, args: Cursor): Promise<{ shown: FolderSnapshot; found: number[] }> {
  args.space();
  const read = parseCharset(args);
  args.space();
  const key = parseSearchKeys(args, read);
  args.end();
  const view = session.selectedView;
  const { shown } = view;
  if (contains(key, 'modseq')) session.enableCondstore();
  return { shown, found: await evaluateSearch(session, view, key) };
}
