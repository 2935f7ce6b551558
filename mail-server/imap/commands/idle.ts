import { bad, ok, type Completion } from '../completion.ts';
import type { Continuation, ImapSession } from '../context.ts';
import { loggedIn, type Command } from './command.ts';
import { updateView, updateViewQuietly } from '../select/update-view.ts';

/**
 * RFC 2177. Everything is told at once while the client idles: hints of the store call IdleNews. DONE may stand right behind IDLE and the
 * next commands right behind DONE (iOS does so).
 */
export const idle: Command = {
  states: loggedIn,
  updates: 'none',
  async run(session, args, _byUid, tag) {
    args.end();
    session.writer.continuation('idling');
    // a client that was told to go on idles, also where the store is away: it hears with the next hint
    await updateViewQuietly(session, true, true);
    await session.writer.drained();
    session.beginIdle(new Idling(tag));
    return null;
  },
};

class Idling implements Continuation {
  readonly tag: string;
  readonly idle = true;

  constructor(tag: string) {
    this.tag = tag;
  }

  async line(session: ImapSession, line: string): Promise<Completion> {
    await updateView(session, false, { expunge: true });
    return line.toUpperCase() === 'DONE' ? ok('IDLE done') : bad('Expected DONE');
  }
}
