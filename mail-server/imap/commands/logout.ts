import { ok } from '../completion.ts';
import { formatCompletion } from '../completion.ts';
import { anyState, type Command } from './command.ts';

/** RFC 9051 section 6.1.3 */
export const logout: Command = {
  states: anyState,
  updates: 'none',
  run(session, args, _byUid, tag) {
    args.end();
    session.writer.untagged('BYE Goodbye');
    session.writer.tagged(tag, formatCompletion(ok('LOGOUT done')));
    session.endConnection();
    return null;
  },
};
