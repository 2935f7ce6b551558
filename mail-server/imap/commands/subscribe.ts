import { no, ok, type Completion } from '../completion.ts';
import { nameProblem } from '../../folder-name.ts';
import { parseMailbox } from '../names/mailbox-name.ts';
import type { Cursor } from '../parser/cursor.ts';
import type { ImapSession } from '../context.ts';
import { loggedIn, type Command } from './command.ts';

/** RFC 9051 section 6.3.7: also for names that do not exist yet. */
export const subscribe: Command = {
  states: loggedIn,
  updates: 'all',
  run: (session, args) => change(session, args, true),
};

/** RFC 9051 section 6.3.8 */
export const unsubscribe: Command = { ...subscribe, run: (session, args) => change(session, args, false) };

async function change(session: ImapSession, args: Cursor, subscribed: boolean): Promise<Completion> {
  args.space();
  const name = parseMailbox(args, session.isRev2);
  args.end();
  const problem = subscribed ? nameProblem(name) : null;
  if (problem) return no(problem, 'CANNOT');
  await session.store.setSubscription(session.account, name, subscribed);
  return ok(subscribed ? 'SUBSCRIBE done' : 'UNSUBSCRIBE done');
}
