import { request } from 'node:https';
import { JoinedBytes } from '../../../lib/mime/joined-bytes.ts';
import type { MailServerSettings } from '../../settings.ts';
import { lookupPublicHost } from '../lookup-public-host.ts';

const timeoutMs = 20_000;
const largestBytes = 64 * 1024;

/**
 * The text at https://mta-sts.DOMAIN/.well-known/mta-sts.txt (RFC 8461 section 3.3): the certificate is checked, a redirection is not followed,
 * and what is no public address is not asked. Rejects when there is none to be had.
 */
export function fetchStsPolicy(settings: MailServerSettings, domain: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: `mta-sts.${domain}`,
        port: settings.stsPort,
        path: '/.well-known/mta-sts.txt',
        headers: { accept: 'text/plain', 'user-agent': 'Postamt' },
        lookup: lookupPublicHost(settings),
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
        ...(settings.authorities ? { ca: [...settings.authorities] } : {}),
      },
      (response) => {
        const type = response.headers['content-type'] ?? '';
        if (response.statusCode !== 200 || !/^text\/plain\b/i.test(type)) {
          response.destroy();
          reject(new Error(`status ${response.statusCode}, ${type.slice(0, 100)}`));
          return;
        }
        const bytes = new JoinedBytes();
        response.on('data', (chunk: Buffer) => {
          bytes.push(chunk);
          if (bytes.length > largestBytes) response.destroy(new Error('too large'));
        });
        response.on('end', () => resolve(bytes.take().toString('utf8')));
        response.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}
