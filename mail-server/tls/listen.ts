import { createServer, type Server, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { MailPort } from '../../lib/config/config.ts';
import type { Services } from '../services.ts';
import { connectionLimitsOf, type Place } from './connection-limits.ts';
import { isNews } from './hourly-news.ts';
import { readProxyHeader, type TlsInfo } from './proxy-header.ts';
import { secureSocket } from './secure-socket.ts';

export type { TlsInfo };

const backlog = 1024;

/** A client that was let in, and behind its TLS handshake where the port is one of implicit TLS. */
export interface Incoming {
  socket: Socket | TLSSocket;
  /** not null: what the client says is encrypted, by us or by the balancer in front of us */
  tls: TlsInfo | null;
  /** the client's, also behind a balancer; without the "::ffff:" of an IPv4 client on an IPv6 socket */
  remoteAddress: string;
  place: Place;
}

export interface ListenOptions {
  /** also the label in metrics and logs */
  service: MailPort;
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

type Needs = Pick<Services, 'settings' | 'log' | 'metrics'>;

/**
 * Listens on one port, and where the operator has a balancer in front of it also on that balancer's port. Resolves when both are bound,
 * rejects with the error of listen (EADDRINUSE, EACCES …).
 */
export async function listen(needs: Needs, options: ListenOptions): Promise<Listener> {
  const direct = await listenOn(needs, options, options.port, false);
  const balanced = needs.settings.proxy.ports[options.service];
  if (balanced === undefined) return direct;
  const behind = await listenOn(needs, options, balanced, true).catch(async (error: unknown) => {
    await direct.close();
    throw error;
  });
  return {
    port: direct.port,
    async close() {
      await Promise.all([direct.close(), behind.close()]);
    },
  };
}

async function listenOn(needs: Needs, options: ListenOptions, port: number, isBalanced: boolean): Promise<Listener> {
  const { settings, log } = needs;
  const beginning = new Set<Socket>();
  // who sends commands and then ends its side still gets the answers; the owner of the connection ends ours
  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 120_000 }, (socket) => {
    // until its owner listens: an error without a listener would end the process
    socket.on('error', () => undefined);
    beginning.add(socket);
    accept(needs, options, socket, isBalanced)
      .catch((error: unknown) => {
        socket.destroy();
        log.debug({ err: error, service: options.service, remoteAddress: plainAddress(socket) }, 'no connection');
      })
      .finally(() => beginning.delete(socket));
  });
  await bound(server, port, options.host ?? settings.listenAddress, settings.reusePort);
  server.on('error', (error) => log.error({ err: error, service: options.service }, 'listener failed'));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    async close() {
      for (const socket of beginning) socket.destroy();
      // not awaited: the callback comes when the last connection is gone, and those belong to the protocol
      server.close();
    },
  };
}

async function accept(needs: Needs, options: ListenOptions, socket: Socket, isBalanced: boolean): Promise<void> {
  const { settings, metrics, log } = needs;
  let remoteAddress = plainAddress(socket);
  let tls: TlsInfo | null = null;
  if (isBalanced) {
    // anybody else could say there whom he pleases to be
    if (!settings.proxy.trusts(remoteAddress)) throw new Error('not one of POSTAMT_PROXY_FROM');
    const header = await readProxyHeader(socket);
    remoteAddress = header.address ?? remoteAddress;
    tls = header.tls;
  }
  const client = { service: options.service, remoteAddress };
  const lose = (): void => {
    if (isNews(client, 'lost')) log.warn(client, 'a connection ends without a sign-in: there are too many, and most come from there');
    socket.destroy();
  };
  const place = connectionLimitsOf(settings).take(remoteAddress, options.service === 'lmtp' ? null : lose);
  if (!place) {
    if (isNews(client, 'limit')) log.warn(client, 'no connection: there are too many, from that address or in all');
    refuse(socket, options);
    return;
  }
  const open = metrics.connections.labels(options.service);
  open.inc();
  socket.once('close', () => {
    open.dec();
    place.giveBack();
  });
  if (options.secure && !tls) {
    const secured = await secureSocket(socket, needs, client);
    tls = { protocol: secured.getProtocol() ?? 'TLS', cipher: secured.getCipher().standardName };
    options.onConnection({ socket: secured, tls, remoteAddress, place });
    return;
  }
  options.onConnection({ socket, tls, remoteAddress, place });
  if (isBalanced) socket.resume();
}

const plainAddress = (socket: Socket): string => (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d)/, '');

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
