import { ok } from '../completion.ts';
import { ParseError } from '../parser/parse-error.ts';
import { findMessages } from '../search/find-messages.ts';
import { uidAt } from '../select/index-ranges.ts';
import { takeTurn } from '../sort/take-turn.ts';
import { threadByReferences } from '../sort/thread-references.ts';
import { threadBySubject } from '../sort/thread-subject.ts';
import { formatThreads } from '../sort/thread-tree.ts';
import { readThreadMessages } from '../sort/thread-messages.ts';
import { selected, type Command } from './command.ts';

const algorithms = { REFERENCES: threadByReferences, ORDEREDSUBJECT: threadBySubject } as const;

/** RFC 5256 section 4 */
export const thread: Command = {
  states: selected,
  updates: 'without-expunge',
  uid: true,
  async run(session, args, byUid) {
    args.space();
    const name = args.keyword();
    if (name !== 'REFERENCES' && name !== 'ORDEREDSUBJECT') throw new ParseError('Unknown thread algorithm');
    const pace = (): Promise<void> | null => session.pace();
    const answer = await takeTurn(session, async () => {
      const { shown, found } = await findMessages(session, args);
      const messages = await readThreadMessages(session, shown, found);
      const threads = await algorithms[name](messages, pace);
      const numberOf = (index: number): number => (byUid ? uidAt(shown, index) : index + 1);
      return { text: threads.length > 0 ? ` ${await formatThreads(threads, numberOf, pace)}` : '' };
    });
    session.writer.untagged(`THREAD${answer.text}`);
    return ok('THREAD done');
  },
};
