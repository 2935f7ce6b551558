import { capabilities } from '../capabilities.ts';
import { ok } from '../completion.ts';
import { anyState, type Command } from './command.ts';

/** RFC 9051 section 6.1.1 */
export const capability: Command = {
  states: anyState,
  updates: 'none',
  run(session, args) {
    args.end();
    session.writer.untagged(`CAPABILITY ${capabilities(session)}`);
    return ok('CAPABILITY done');
  },
};
