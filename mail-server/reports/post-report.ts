import { request } from 'node:https';
import { isIP } from 'node:net';
import { mayConnect } from '../queue/may-connect.ts';
import { lookupPublicHost } from '../queue/lookup-public-host.ts';
import type { MailServerSettings } from '../settings.ts';

const timeoutMs = 30_000;

/**
 * Hands a report about TLS to a web server (RFC 8460 section 5.4). Its certificate is not asked for, since it may be what the report is about
 * (section 3); redirections are not followed, and what is no public address is not asked. True: it was taken.
 */
export function postReport(settings: MailServerSettings, url: string, packed: Buffer): Promise<boolean> {
  const { hostname, port, pathname, search } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  // an address in the place of a name is never looked up, and other ports are not those of web servers
  if (port !== '' || (isIP(host) !== 0 && !mayConnect(settings, host))) return Promise.resolve(false);
  return new Promise((resolve) => {
    const asked = request(
      {
        host,
        port: settings.stsPort,
        path: `${pathname}${search}`,
        method: 'POST',
        headers: { 'content-type': 'application/tlsrpt+gzip', 'content-length': packed.length, 'user-agent': 'Postamt' },
        lookup: lookupPublicHost(settings),
        agent: false,
        rejectUnauthorized: false,
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        const status = response.statusCode ?? 0;
        response.destroy();
        resolve(status >= 200 && status < 300);
      },
    );
    asked.on('error', () => resolve(false));
    asked.end(packed);
  });
}
