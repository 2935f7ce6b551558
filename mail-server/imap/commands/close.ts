import { ok } from '../completion.ts';
import { selected, type Command } from './command.ts';

/** RFC 9051 section 6.4.1: expunges without saying so, unless the folder was opened with EXAMINE. */
export const close: Command = {
  states: selected,
  updates: 'none',
  async run(session, args) {
    args.end();
    const { folderId, readOnly, shown } = session.selectedView;
    if (!readOnly && shown.uidnext > 1) await session.store.expunge(session.account, folderId, [[1, shown.uidnext - 1]]);
    session.leaveFolder();
    return ok('CLOSE done');
  },
};
