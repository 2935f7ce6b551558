import { ok } from '../completion.ts';
import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';
import { parseCharset, type ReadText } from '../search/charset.ts';
import { evaluateSearch } from '../search/evaluate.ts';
import { contains, type SearchKey } from '../search/keys.ts';
import { parseSearchKeys } from '../search/parse-keys.ts';
import { parseReturn, writeSearchResult } from '../search/result.ts';
import { selected, type Command } from './command.ts';

/** RFC 9051 section 6.4.4 with ESEARCH (4731), SEARCHRES (5182), CONDSTORE (7162), WITHIN (5032), OBJECTID (8474). */
export const search: Command = {
  states: selected,
  updates: 'without-expunge',
  uid: true,
  async run(session, args, byUid, tag) {
    args.space();
    const given = parseReturn(args);
    // IMAP4rev2 knows no SEARCH response
    const wanted = given ?? (session.isRev2 ? new Set(['ALL'] as const) : null);
    const view = session.selectedView;
    try {
      const key = parseKeys(args);
      const withModseq = contains(key, 'modseq');
      if (withModseq) session.enableCondstore();
      const found = await evaluateSearch(session, view, key);
      await writeSearchResult(session, view, { tag, byUid, found, wanted, withModseq });
    } catch (error) {
      // RFC 5182 section 2.1: a search that ends in NO leaves nothing saved, one that ends in BAD changes nothing
      const isBad = error instanceof ParseError && error.code === undefined;
      if (wanted?.has('SAVE') && !isBad) view.saved = [];
      throw error;
    }
    return ok('SEARCH done');
  },
};

function parseKeys(args: Cursor): SearchKey {
  let read: ReadText | undefined;
  if (args.skipWord('CHARSET ')) {
    read = parseCharset(args);
    args.space();
  }
  const key = parseSearchKeys(args, read);
  args.end();
  return key;
}
