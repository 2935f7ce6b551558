import { no, ok } from '../completion.ts';
import { nameProblem } from '../../folder-name.ts';
import { parseMailbox } from '../names/mailbox-name.ts';
import { loggedIn, type Command } from './command.ts';

/** RFC 9051 section 6.3.6: what lies below moves along; RENAME INBOX moves its messages and leaves INBOX. */
export const rename: Command = {
  states: loggedIn,
  updates: 'all',
  async run(session, args) {
    args.space();
    const from = parseMailbox(args, session.isRev2);
    args.space();
    const to = parseMailbox(args, session.isRev2).replace(/\/$/, '');
    args.end();
    const below = (await session.store.folders(session.account)).filter((folder) => folder.name.startsWith(`${from}/`));
    for (const name of from === 'INBOX' ? [to] : [to, ...below.map((folder) => to + folder.name.slice(from.length))]) {
      const problem = nameProblem(name);
      if (problem) return no(problem, 'CANNOT');
    }
    await session.store.renameFolder(session.account, from, to);
    return ok('RENAME done');
  },
};
