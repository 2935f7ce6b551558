import { ok } from '../completion.ts';
import { findMessages } from '../search/find-messages.ts';
import { highestModseq } from '../search/result.ts';
import { uidAt } from '../select/index-ranges.ts';
import { parseSortCriteria } from '../sort/criteria.ts';
import { sortMessages } from '../sort/sort-messages.ts';
import { selected, type Command } from './command.ts';

/** RFC 5256 section 3, with the MODSEQ of RFC 7162 section 3.1.6 */
export const sort: Command = {
  states: selected,
  updates: 'without-expunge',
  uid: true,
  async run(session, args, byUid) {
    args.space();
    const criteria = parseSortCriteria(args);
    const { shown, found, withModseq } = await findMessages(session, args);
    const { writer } = session;
    const sorted = await sortMessages(session, shown, found, criteria);
    writer.text('* SORT');
    for (const index of sorted) {
      writer.text(` ${byUid ? uidAt(shown, index) : index + 1}`);
      if (writer.full) await writer.drained();
    }
    writer.text(withModseq && found.length > 0 ? ` (MODSEQ ${highestModseq(shown, found)})\r\n` : '\r\n');
    return ok('SORT done');
  },
};
