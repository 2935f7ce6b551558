import { ok } from '../completion.ts';
import { decodeMailbox, decodePattern } from '../names/mailbox-name.ts';
import { matchesPattern, simplifyPattern } from '../names/match-pattern.ts';
import { limits } from '../limits.ts';
import { ParseError } from '../parser/parse-error.ts';
import { formatMailbox } from '../serializer/quote.ts';
import { loggedIn, type Command } from './command.ts';
import { byNameInboxFirst, parentsOf } from './list.ts';
import { fullPattern } from './list-arguments.ts';

/** RFC 3501 section 6.3.9. With "%", a name above a subscribed one is told as \Noselect. */
export const lsub: Command = {
  states: loggedIn,
  updates: 'all',
  async run(session, args) {
    args.space();
    const reference = decodeMailbox(args.astring(), session.isRev2);
    args.space();
    const bytes = args.astring();
    args.end();
    if (bytes.length > limits.listPatternBytes) throw new ParseError('Pattern is too long', 'LIMIT');
    const pattern = fullPattern(reference, simplifyPattern(decodePattern(bytes, session.isRev2)));
    const subscriptions = await session.store.subscriptions(session.account);
    const names = new Set(subscriptions);
    if (pattern.includes('%')) for (const parent of parentsOf(subscriptions)) names.add(parent);
    for (const name of Array.from(names).sort(byNameInboxFirst)) {
      await session.pace();
      if (!matchesPattern(name, pattern)) continue;
      session.writer.untagged(`LSUB (${subscriptions.has(name) ? '' : '\\Noselect'}) "/" ${formatMailbox(name, session.isRev2)}`);
    }
    return ok('LSUB done');
  },
};
