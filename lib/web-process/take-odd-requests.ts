import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

const kept = globalThis as typeof globalThis & { postamtTakesOddRequests?: boolean };

/**
 * Requests that HTTP knows and Next does not: it closes the connection without a word, keeps it open for ever, or breaks with a stack in the log.
 *
 * - Who asks for another protocol, as programs do that try HTTP/2 first, is answered in this one: there is none that we change to (RFC 9110
 *   section 7.8).
 * - TRACE, and OPTIONS of the whole server, are answered as OPTIONS of a page is (RFC 9110 section 9.3.7 and 9.3.8).
 */
export function takeOddRequests(): void {
  if (kept.postamtTakesOddRequests) return;
  kept.postamtTakesOddRequests = true;
  subscribe('net.server.socket', (message) => {
    const { server } = (message as { socket: Socket & { server?: Server } }).socket;
    if (server && 'shouldUpgradeCallback' in server) server.shouldUpgradeCallback = () => false;
  });
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    if (request.method === 'TRACE') request.method = 'OPTIONS';
    if (request.url === '*') request.url = '/';
  });
}
