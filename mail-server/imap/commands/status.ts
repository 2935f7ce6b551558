import { no, ok } from '../completion.ts';
import { parseMailbox } from '../names/mailbox-name.ts';
import { formatMailbox } from '../serializer/quote.ts';
import { loggedIn, type Command } from './command.ts';
import { countsFor, formatStatus, parseStatusItems } from './status-items.ts';
import { updateView } from '../select/update-view.ts';

/** RFC 9051 section 6.3.11 */
export const status: Command = {
  states: loggedIn,
  updates: 'all',
  async run(session, args) {
    args.space();
    const name = parseMailbox(args, session.isRev2);
    args.space();
    const wanted = parseStatusItems(args);
    args.end();
    const folder = await session.store.findFolder(session.account, name);
    if (!folder) return no('No such mailbox', 'NONEXISTENT');
    if (wanted.includes('HIGHESTMODSEQ')) session.enableCondstore();
    const answer = await session.store.status(session.account, folder.folderId, countsFor(wanted));
    session.writer.untagged(
      `STATUS ${formatMailbox(folder.name, session.isRev2)} ${formatStatus(session, wanted, folder.folderId, answer)}`,
    );
    // UIDNEXT told here and a view that does not reach so far yet: who fetches "UIDNEXT before:*" now would miss what lies between
    if (folder.folderId === session.view?.folderId) await updateView(session, true, { expunge: true });
    return ok('STATUS done');
  },
};
