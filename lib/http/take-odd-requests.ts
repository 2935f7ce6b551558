import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { onEachServer } from './on-each-server.ts';
import { isFirstInProcess } from '../config/once-in-process.ts';

/**
 * Requests that HTTP knows and Next does not: it closes the connection without a word, or keeps it open for ever.
 *
 * - Who asks for another protocol, as programs do that try HTTP/2 first, is answered in this one: there is none that we change to (RFC 9110
 *   section 7.8).
 * - The whole address in the first line, as to a proxy, means the path in it at the host in it (RFC 9112 section 3.2.2); Next leads to
 *   a path of that name.
 * - OPTIONS of the whole server is answered as OPTIONS of a page is (RFC 9110 section 9.3.7).
 */
export function takeOddRequests(): void {
  if (!isFirstInProcess('http.take-odd-requests')) return;
  onEachServer((server) => {
    if ('shouldUpgradeCallback' in server) server.shouldUpgradeCallback = () => false;
  });
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    const [, host, path] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(request.url ?? '') ?? [];
    if (host !== undefined) request.headers.host = host;
    if (path !== undefined) request.url = path.startsWith('/') ? path : `/${path}`;
    if (request.url === '*') request.url = '/';
  });
}
