import { ok } from '../completion.ts';
import { limits } from '../limits.ts';
import { ParseError } from '../parser/parse-error.ts';
import { anyState, type Command } from './command.ts';

/** RFC 2971. What the client says of itself goes into the log at debug level. */
export const id: Command = {
  states: anyState,
  updates: 'none',
  run(session, args) {
    args.space();
    const client: Record<string, string> = {};
    if (!args.skipWord('NIL')) {
      let fields = 0;
      args.list(0, () => {
        if (fields++ >= limits.idFields) throw new ParseError('Too many fields');
        // strings by RFC 2971; some programs leave the quotes out
        const name = args.astring().toString('latin1').toLowerCase();
        args.space();
        const value = args.skipWord('NIL') ? '' : args.astring().toString('latin1');
        if (name.length > limits.idFieldBytes || value.length > limits.idValueBytes) throw new ParseError('Field is too long');
        client[name] = value;
      });
    }
    args.end();
    session.services.log.debug({ client, account: session.principal?.accountId }, 'imap client');
    session.writer.untagged('ID ("name" "Postamt")');
    return ok('ID done');
  },
};
