import { bad, formatCompletion, ok } from '../completion.ts';
import type { Command } from './command.ts';

/** RFC 9051 section 6.2.1. What the client sent behind the command, before the handshake, is thrown away: it may be somebody else's. */
export const starttls: Command = {
  states: ['not-authenticated'],
  updates: 'none',
  async run(session, args, _byUid, tag) {
    args.end();
    if (session.secure) return bad('TLS is on already');
    session.writer.tagged(tag, formatCompletion(ok('Begin TLS now')));
    await session.startTls();
    return null;
  },
};
