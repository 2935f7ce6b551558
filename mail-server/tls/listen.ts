import { createServer, type Server, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Services } from '../services.ts';
import { connectionLimitsOf } from './connection-limits.ts';
import { secureSocket } from './secure-socket.ts';

const backlog = 1024;

/** A client that was let in, and behind its TLS handshake where the port is one of implicit TLS. */
export interface Incoming {
  socket: Socket | TLSSocket;
  /** true on a port of implicit TLS */
  secure: boolean;
  /** without the "::ffff:" of an IPv4 client on an IPv6 socket */
  remoteAddress: string;
  remotePort: number;
}

export interface ListenOptions {
  /** label in metrics and logs: "imap", "pop3s" … */
  service: string;
  /** 0: any free one (tests) */
  port: number;
  /** address to listen on instead of that of the settings (LMTP: loopback) */
  host?: string;
  secure: boolean;
  /** said in clear text before closing when a connection limit is reached; not on ports of implicit TLS, where nobody could read it */
  refusal: string;
  onConnection: (incoming: Incoming) => void;
}

export interface Listener {
  /** the port that is really listened on */
  port: number;
  /** Stops accepting. Connections that are open stay with their owner. */
  close(): Promise<void>;
}

/** Listens on one port. Resolves when the port is bound, rejects with the error of listen (EADDRINUSE, EACCES …). */
export async function listen(
  { settings, log, metrics }: Pick<Services, 'settings' | 'log' | 'metrics'>,
  options: ListenOptions,
): Promise<Listener> {
  const limits = connectionLimitsOf(settings);
  const handshakes = new Set<Socket>();
  const open = metrics.connections.labels(options.service);

  // who sends commands and then ends its side still gets the answers; the owner of the connection ends ours
  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 120_000 }, (socket) => {
    // until its owner listens: an error without a listener would end the process
    socket.on('error', () => undefined);
    const remoteAddress = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const remotePort = socket.remotePort ?? 0;
    const giveBack = limits.take(remoteAddress);
    if (!giveBack) {
      refuse(socket, options);
      return;
    }
    open.inc();
    socket.once('close', () => {
      open.dec();
      giveBack();
    });
    if (!options.secure) {
      options.onConnection({ socket, secure: false, remoteAddress, remotePort });
      return;
    }
    handshakes.add(socket);
    secureSocket(socket, settings.tls.context)
      .then((secured) => options.onConnection({ socket: secured, secure: true, remoteAddress, remotePort }))
      .catch((error: unknown) => log.debug({ err: error, service: options.service, remoteAddress }, 'no TLS connection'))
      .finally(() => handshakes.delete(socket));
  });
  await bound(server, options.port, options.host ?? settings.listenAddress, settings.reusePort);
  server.on('error', (error) => log.error({ err: error, service: options.service }, 'listener failed'));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    async close() {
      for (const socket of handshakes) socket.destroy();
      // not awaited: the callback comes when the last connection is gone, and those belong to the protocol
      server.close();
    },
  };
}

function refuse(socket: Socket, options: ListenOptions): void {
  if (options.secure) socket.destroy();
  else socket.end(options.refusal, () => socket.destroy());
}

function bound(server: Server, port: number, host: string | undefined, reusePort: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog, reusePort: reusePort && port !== 0 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
