import { randomUUID } from 'node:crypto';
import type { Running, Services } from '../services.ts';
import { listen } from '../tls/listen.ts';
import { Connection } from '../wire/connection.ts';
import { RunningSessions } from '../wire/running-sessions.ts';
import { limits } from './limits.ts';
import { bye } from './reply.ts';
import { ManageSieveSession } from './session.ts';

export interface RunningManageSieve extends Running {
  port: number;
}

/** ManageSieve (RFC 5804) with STARTTLS on settings.ports.sieve. */
export async function startManageSieve(services: Services): Promise<RunningManageSieve> {
  const sessions = new RunningSessions();
  const listener = await listen(services, {
    service: 'sieve',
    port: services.settings.ports.sieve,
    secure: false,
    refusal: bye('Too many connections, try again later', 'TRYLATER'),
    onConnection({ socket, tls, remoteAddress, place }) {
      const connection = new Connection(socket, tls !== null, remoteAddress, limits);
      sessions.begin(new ManageSieveSession(services, connection, place, randomUUID()));
    },
  });
  return { port: listener.port, close: (graceMs) => sessions.close([listener], graceMs) };
}
