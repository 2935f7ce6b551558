import { subscribe } from 'node:diagnostics_channel';
import { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Calls `set` with each HTTP server of this process when its first connection comes, before its first request is read. Next makes its server
 * itself and lets nobody at it.
 */
export function onEachServer(set: (server: Server) => void): void {
  const seen = new WeakSet<Server>();
  subscribe('net.server.socket', (message) => {
    const { server } = (message as { socket: Socket & { server?: unknown } }).socket;
    if (!(server instanceof Server) || seen.has(server)) return;
    seen.add(server);
    set(server);
  });
}
