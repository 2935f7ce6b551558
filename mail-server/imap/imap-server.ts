import { createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Running, Services } from '../services.ts';
import type { AccountId } from '../store/types.ts';
import { Ceiling } from './connection-counts.ts';
import { limits } from './limits.ts';
import { Session } from './session.ts';
import { attach, onError } from './socket-events.ts';

/** Listens on the ports imap (STARTTLS) and imaps (TLS from the first byte). Rejects when a port cannot be bound. */
export async function startImap(services: Services): Promise<Running> {
  const server = new ImapServer(services);
  const { ports } = services.settings;
  try {
    await server.listen('imap', ports.imap);
    await server.listen('imaps', ports.imaps);
  } catch (error) {
    await server.close(0);
    throw error;
  }
  return server;
}

class ImapServer implements Running {
  readonly #services: Services;
  readonly #servers: Server[] = [];
  readonly #sessions = new Set<Session>();
  readonly #perAddress: Ceiling<string>;
  readonly #perMailbox: Ceiling<AccountId>;
  readonly #sweeper: NodeJS.Timeout;

  constructor(services: Services) {
    this.#services = services;
    this.#perAddress = new Ceiling(services.settings.connectionsPerAddress);
    this.#perMailbox = new Ceiling(services.settings.connectionsPerMailbox);
    this.#sweeper = setInterval(() => this.#sweep(), limits.sweepMs);
    this.#sweeper.unref();
  }

  async listen(service: 'imap' | 'imaps', port: number): Promise<void> {
    const { listenAddress: host, reusePort } = this.#services.settings;
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 300_000 }, (socket) => this.#accept(socket, service));
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, reusePort, backlog: 1024 }, () => {
        server.off('error', reject);
        server.on('error', (error) => this.#services.log.error({ err: error, service }, 'imap listener failed'));
        resolve();
      });
    });
  }

  /** Stops accepting, says BYE to who waits, lets running commands end within graceMs. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.#sweeper);
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    const deadline = Date.now() + graceMs;
    while (this.#sessions.size > 0) {
      for (const session of this.#sessions) {
        if (Date.now() >= deadline) session.socket.destroy();
        else if (!session.busy) session.bye('Server is going down', 'UNAVAILABLE');
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await Promise.all(closed);
  }

  #accept(bare: Socket, service: 'imap' | 'imaps'): void {
    const remoteAddress = bare.remoteAddress ?? '';
    bare.on('error', onError);
    if (this.#sessions.size >= this.#services.settings.connections || !this.#perAddress.enter(remoteAddress)) {
      // TLS from the first byte cannot carry a BYE before its handshake
      if (service === 'imap') bare.end('* BYE [UNAVAILABLE] Too many connections\r\n');
      else bare.destroy();
      return;
    }
    this.#services.metrics.connections.inc({ service });
    const { context } = this.#services.settings.tls;
    const socket = service === 'imaps' ? new TLSSocket(bare, { isServer: true, secureContext: context }) : bare;
    const session = new Session(socket, { services: this.#services, mailboxConnections: this.#perMailbox, remoteAddress });
    this.#sessions.add(session);
    bare.once('close', () => {
      this.#sessions.delete(session);
      this.#perAddress.leave(remoteAddress);
      this.#services.metrics.connections.dec({ service });
      session.closed();
    });
    attach(socket, session);
    if (socket instanceof TLSSocket) socket.once('secure', () => session.greet());
    else session.greet();
  }

  #sweep(): void {
    const now = Date.now();
    for (const session of this.#sessions) session.sweep(now);
  }
}
