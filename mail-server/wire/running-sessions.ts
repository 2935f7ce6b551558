import type { Logger } from 'pino';
import { setTimeout as pause } from 'node:timers/promises';
import type { Listener } from '../tls/listen.ts';
import type { Connection } from './connection.ts';

interface Session {
  readonly log: Logger;
  readonly connection: Connection;
  run(): Promise<void>;
  /** lets the command that runs end, and nothing begin */
  shutDown(): void;
}

/** The sessions of a server, from their first byte to its end. */
export class RunningSessions {
  readonly #running = new Map<Session, Promise<void>>();

  begin(session: Session): void {
    const ended = session
      .run()
      .catch((error: unknown) => {
        session.log.error({ err: error }, 'session failed');
        session.connection.destroy();
      })
      .finally(() => this.#running.delete(session));
    this.#running.set(session, ended);
  }

  /** Lets nobody in any more, and ends what is left after graceMs. */
  async close(listeners: readonly Listener[], graceMs: number): Promise<void> {
    await Promise.all(listeners.map((listener) => listener.close()));
    for (const session of this.#running.keys()) session.shutDown();
    await Promise.race([Promise.all(this.#running.values()), pause(graceMs, undefined, { ref: false })]);
    for (const session of this.#running.keys()) session.connection.destroy();
  }
}
