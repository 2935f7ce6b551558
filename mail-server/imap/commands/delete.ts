import { ok } from '../completion.ts';
import { parseMailbox } from '../names/mailbox-name.ts';
import { loggedIn, type Command } from './command.ts';

/** RFC 9051 section 6.3.5. The folder that this session has open may be deleted: it is closed then. */
export const deleteMailbox: Command = {
  states: loggedIn,
  updates: 'all',
  async run(session, args) {
    args.space();
    const name = parseMailbox(args, session.isRev2);
    args.end();
    const folder = session.view ? await session.store.findFolder(session.account, name) : null;
    await session.store.deleteFolder(session.account, name);
    if (folder && folder.folderId === session.view?.folderId) {
      session.leaveFolder();
      session.writer.untagged('OK [CLOSED] The selected mailbox was deleted');
    }
    return ok('DELETE done');
  },
};
