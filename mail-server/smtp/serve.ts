import { setTimeout as sleep } from 'node:timers/promises';
import { GuessDelay, usualGuessDelay } from '../auth/guess-delay.ts';
import type { Running, Services } from '../services.ts';
import { sharedGuesses } from '../store/guesses.ts';
import { listen, type Incoming } from '../tls/listen.ts';
import type { Profile } from './context.ts';
import { RecipientGuesses } from './recipient-guesses.ts';
import { closing, serializeReply } from './reply.ts';
import { SmtpSession } from './session.ts';

export interface RunningSmtp extends Running {
  /** the port that is really listened on */
  port: number;
}

const lingerMs = 5_000;

/** Listens on a port and runs a session for every connection. `host`: an address other than that of the settings. */
export async function serve(services: Services, profile: Profile, port: number, host?: string): Promise<RunningSmtp> {
  const sessions = new Map<SmtpSession, Promise<void>>();
  const secure = profile.encryption === 'implicit';
  const refusal = serializeReply(closing(421, '4.7.0', 'Zu viele Verbindungen - too many connections'));
  const delay = new GuessDelay({ ...usualGuessDelay, forgetMs: 60_000 }, sharedGuesses(services.database, 'recipient'));
  const guesses = new RecipientGuesses(delay);
  const onConnection = (incoming: Incoming): void => {
    const session = new SmtpSession(services, profile, incoming, guesses);
    const ended = session
      .run()
      .catch((error: unknown) => services.log.error({ err: error, session: session.id }, 'an SMTP session failed'))
      // the client has its last reply; one that does not close its side is not waited for
      .finally(() => setTimeout(() => session.socket.destroy(), lingerMs).unref())
      .finally(() => sessions.delete(session));
    sessions.set(session, ended);
  };
  const listener = await listen(services, { service: profile.service, port, secure, refusal, onConnection, ...(host ? { host } : {}) });
  return {
    port: listener.port,
    async close(graceMs) {
      await listener.close();
      for (const session of sessions.keys()) session.shutDown();
      const timer = setTimeout(() => {
        for (const session of sessions.keys()) session.socket.destroy();
      }, graceMs);
      // a session that waits for the database is not waited for any longer
      await Promise.race([Promise.all(sessions.values()), sleep(graceMs + 500, undefined, { ref: false })]);
      clearTimeout(timer);
    },
  };
}
