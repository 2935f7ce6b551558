import { ok } from '../completion.ts';
import { anyState, selected, type Command } from './command.ts';
import { updateView } from '../select/update-view.ts';

/** RFC 9051 section 6.1.2: the client polls, so the answer is not older than the question. */
export const noop: Command = {
  states: anyState,
  updates: 'none',
  async run(session, args) {
    args.end();
    await updateView(session, true, { expunge: true });
    return ok('NOOP done');
  },
};

/** RFC 3501 section 6.4.1 */
export const check: Command = { ...noop, states: selected };
