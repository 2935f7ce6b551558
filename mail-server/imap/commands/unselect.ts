import { ok } from '../completion.ts';
import { selected, type Command } from './command.ts';

/** RFC 9051 section 6.4.2 */
export const unselect: Command = {
  states: selected,
  updates: 'none',
  run(session, args) {
    args.end();
    session.leaveFolder();
    return ok('UNSELECT done');
  },
};
