import { ok } from '../completion.ts';
import { findMessages } from '../search/find-messages.ts';
import { highestModseq } from '../search/result.ts';
import { uidAt } from '../select/index-ranges.ts';
import { parseSortCriteria } from '../sort/criteria.ts';
import { sortMessages } from '../sort/sort-messages.ts';
import { takeTurn } from '../sort/take-turn.ts';
import { selected, type Command } from './command.ts';

/** RFC 5256 section 3, with the MODSEQ of RFC 7162 section 3.1.6 */
export const sort: Command = {
  states: selected,
  updates: 'without-expunge',
  uid: true,
  async run(session, args, byUid) {
    args.space();
    const criteria = parseSortCriteria(args);
    const { writer } = session;
    // the answer stays outside: whoever does not read it holds no turn
    const { shown, found, withModseq, sorted } = await takeTurn(session, async () => {
      const what = await findMessages(session, args);
      return { ...what, sorted: await sortMessages(session, what.shown, what.found, criteria) };
    });
    writer.text('* SORT');
    for (const index of sorted) {
      writer.text(` ${byUid ? uidAt(shown, index) : index + 1}`);
      if (writer.full) await writer.drained();
    }
    writer.text(withModseq && found.length > 0 ? ` (MODSEQ ${highestModseq(shown, found)})\r\n` : '\r\n');
    return ok('SORT done');
  },
};
