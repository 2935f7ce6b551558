import { no, ok } from '../completion.ts';
import { parseSequenceSet } from '../parser/sequence-set.ts';
import { resolveSet, uidRanges } from '../select/index-ranges.ts';
import { selected, type Command } from './command.ts';

/** EXPUNGE of RFC 9051 section 6.4.3, UID EXPUNGE of section 6.4.9. */
export const expunge: Command = {
  states: selected,
  updates: 'all',
  uid: true,
  async run(session, args, byUid) {
    if (byUid) args.space();
    const set = byUid ? parseSequenceSet(args.sequenceText()) : null;
    args.end();
    const view = session.selectedView;
    if (view.readOnly) return no('The mailbox is open read-only');
    const { shown, saved } = view;
    // without a set: all that the client was told of, never a message it has not heard of yet
    const ranges = set ? uidRanges(shown, resolveSet(set, shown, true, saved)) : [[1, shown.uidnext - 1] as const];
    if (shown.count === 0 || ranges.length === 0) return ok('EXPUNGE done');
    await session.store.expunge(session.account, view.folderId, ranges);
    return ok('EXPUNGE done');
  },
};
