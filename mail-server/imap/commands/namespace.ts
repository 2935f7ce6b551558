import { ok } from '../completion.ts';
import { loggedIn, type Command } from './command.ts';

/** RFC 2342: one personal namespace. */
export const namespace: Command = {
  states: loggedIn,
  updates: 'all',
  run(session, args) {
    args.end();
    session.writer.untagged('NAMESPACE (("" "/")) NIL NIL');
    return ok('NAMESPACE done');
  },
};
