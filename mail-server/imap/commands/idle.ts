import { bad, ok, type Completion } from '../completion.ts';
import type { Continuation, ImapSession } from '../context.ts';
import { loggedIn, type Command } from './command.ts';
import { updateView } from '../select/update-view.ts';

/**
 * RFC 2177. Everything is told at once while the client idles: hints of the store call Session.hint. DONE may stand right behind IDLE and the
 * next commands right behind DONE (iOS does so).
 */
export const idle: Command = {
  states: loggedIn,
  updates: 'none',
  async run(session, args, _byUid, tag) {
    args.end();
    session.writer.continuation('idling');
    session.scheduleStillHere();
    // from here on hints call in; what came before them is told first
    session.continuation = new Idling(tag);
    await updateView(session, true, { expunge: true });
    await session.writer.drained();
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
