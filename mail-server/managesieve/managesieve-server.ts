import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Running, Services } from '../services.ts';
import { listen } from '../tls/listen.ts';
import { Connection } from '../wire/connection.ts';
import { limits } from './limits.ts';
import { bye } from './reply.ts';
import { ManageSieveSession } from './session.ts';

export interface RunningManageSieve extends Running {
  port: number;
}

/** ManageSieve (RFC 5804) with STARTTLS on settings.ports.sieve. */
export async function startManageSieve(services: Services): Promise<RunningManageSieve> {
  const running = new Map<ManageSieveSession, Promise<void>>();
  const listener = await listen(services, {
    service: 'sieve',
    port: services.settings.ports.sieve,
    secure: false,
    refusal: bye('Too many connections, try again later', 'TRYLATER'),
    onConnection({ socket, tls, remoteAddress, place }) {
      const session = new ManageSieveSession(services, new Connection(socket, tls !== null, remoteAddress, limits), place, randomUUID());
      const ended = session
        .run()
        .catch((error: unknown) => {
          session.log.error({ err: error }, 'session failed');
          session.connection.destroy();
        })
        .finally(() => running.delete(session));
      running.set(session, ended);
    },
  });
  return {
    port: listener.port,
    async close(graceMs) {
      await listener.close();
      for (const session of running.keys()) session.shutDown();
      await Promise.race([Promise.all(running.values()), pause(graceMs, undefined, { ref: false })]);
      for (const session of running.keys()) session.connection.destroy();
    },
  };
}
