import { randomUUID } from 'node:crypto';
import type { Running } from '../services.ts';
import { type Incoming, listen } from '../tls/listen.ts';
import { Connection } from '../wire/connection.ts';
import { RunningSessions } from '../wire/running-sessions.ts';
import { limits } from './limits.ts';
import { err } from './reply.ts';
import type { Pop3Services } from './context.ts';
import { Pop3Session } from './session.ts';

const refusal = err('Too many connections, try again later', 'SYS/TEMP');

/** What startPop3 gives back: also the ports, for tests that let the system choose them. */
export interface RunningPop3 extends Running {
  ports: { pop3: number; pop3s: number };
}

/** POP3 with STLS on settings.ports.pop3 and with implicit TLS on settings.ports.pop3s. */
export async function startPop3(services: Pop3Services): Promise<RunningPop3> {
  const sessions = new RunningSessions();
  const onConnection = ({ socket, tls, remoteAddress, place }: Incoming): void =>
    sessions.begin(new Pop3Session(services, new Connection(socket, tls !== null, remoteAddress, limits), place, randomUUID()));
  const { pop3, pop3s } = services.settings.ports;
  const plain = await listen(services, { service: 'pop3', port: pop3, secure: false, refusal, onConnection });
  const secured = await listen(services, { service: 'pop3s', port: pop3s, secure: true, refusal, onConnection }).catch(async (error) => {
    await plain.close();
    throw error;
  });
  return {
    ports: { pop3: plain.port, pop3s: secured.port },
    close: (graceMs) => sessions.close([plain, secured], graceMs),
  };
}
