import type { AccountId } from '../../lib/db/ids.ts';
import type { Running, Services } from '../services.ts';
import { BoundedCounts } from '../../lib/workers/bounded-counts.ts';
import { listen, type Incoming, type Listener } from '../tls/listen.ts';
import { MemoryBudget } from '../memory-budget.ts';
import { Turns } from '../turns.ts';
import { limits } from './limits.ts';
import { sessionsToEnd } from './picture-bound.ts';
import { Session } from './session.ts';
import { attach } from './socket-events.ts';

export interface RunningImap extends Running {
  /** the ports that are really listened on */
  ports: { imap: number; imaps: number };
}

const refusal = '* BYE [UNAVAILABLE] Too many connections\r\n';

/** Listens on the ports imap (STARTTLS) and imaps (TLS from the first byte). Rejects when a port cannot be bound. */
export async function startImap(services: Services): Promise<RunningImap> {
  const sessions = new Set<Session>();
  const mailboxConnections = new BoundedCounts<AccountId>(services.settings.connectionsPerMailbox);
  const appendBudget = new MemoryBudget<AccountId>(services.settings.messageBytes);
  const turns = new Turns<AccountId>(limits.turnMs);
  const onConnection = ({ socket, tls, remoteAddress, place }: Incoming): void => {
    const session = new Session(socket, {
      services,
      mailboxConnections,
      appendBudget,
      turns,
      remoteAddress,
      place,
      secure: tls !== null,
    });
    sessions.add(session);
    attach(socket, session);
    session.greet();
  };
  const { ports } = services.settings;
  const imap = await listen(services, { service: 'imap', port: ports.imap, secure: false, refusal, onConnection });
  const imaps = await listen(services, { service: 'imaps', port: ports.imaps, secure: true, refusal, onConnection }).catch(
    async (error: unknown) => {
      await imap.close();
      throw error;
    },
  );
  // one timer for all sessions: limits of time, signs of life, and what is gone
  const sweeper = setInterval(() => {
    const now = performance.now();
    for (const session of sessions) {
      if (session.ended) sessions.delete(session);
      else session.sweep(now);
    }
    for (const session of sessionsToEnd(sessions, services.settings.pictureBytes)) {
      session.bye('Too much memory is held by idle connections, connect again', 'UNAVAILABLE');
    }
  }, limits.sweepMs);
  sweeper.unref();
  return {
    ports: { imap: imap.port, imaps: imaps.port },
    async close(graceMs) {
      clearInterval(sweeper);
      await close([imap, imaps], sessions, graceMs);
    },
  };
}

/** Stops accepting, says BYE to who waits, lets running commands end within graceMs. */
async function close(listeners: readonly Listener[], sessions: Set<Session>, graceMs: number): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.close()));
  const deadline = performance.now() + graceMs;
  for (;;) {
    for (const session of sessions) {
      if (session.ended) sessions.delete(session);
      else if (performance.now() >= deadline) session.socket.destroy();
      else if (!session.busy) session.bye('Server is going down', 'UNAVAILABLE');
    }
    if (sessions.size === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
