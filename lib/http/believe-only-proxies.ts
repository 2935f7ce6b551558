import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { isFirstInProcess } from '../config/once-in-process.ts';
import { forwardedFor } from './forwarded-for.ts';

/** Sets X-Forwarded-For of every request before Next sees it; Next itself keeps whatever a stranger wrote. */
export function believeOnlyProxies(): void {
  if (!isFirstInProcess('http.believe-only-proxies')) return;
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    const value = forwardedFor(request.headers['x-forwarded-for'], request.socket.remoteAddress);
    if (value === undefined) delete request.headers['x-forwarded-for'];
    else request.headers['x-forwarded-for'] = value;
  });
}
