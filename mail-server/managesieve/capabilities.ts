import { EXTENSIONS } from '../sieve/language/extensions.ts';
import { mechanismNames } from '../auth/sasl/exchange.ts';
import type { ManageSieveContext } from './context.ts';
import { writeString } from './reply.ts';

/** RFC 5804 section 1.7. Mechanisms are named only where a password may be sent. */
export function capabilities({ connection, mayLogIn, principal, services }: ManageSieveContext): string {
  const lines: (readonly [name: string, value?: string])[] = [
    ['IMPLEMENTATION', 'Postamt'],
    ['SIEVE', EXTENSIONS.join(' ')],
    ['NOTIFY', 'mailto'],
    ['SASL', mayLogIn ? mechanismNames(connection.channel, services.authenticator).join(' ') : ''],
    ['MAXREDIRECTS', String(services.settings.sieve.redirects)],
    ['LANGUAGE', 'en'],
    ['UNAUTHENTICATE'],
    ['VERSION', '1.0'],
  ];
  if (!connection.secure) lines.push(['STARTTLS']);
  if (principal !== null) lines.push(['OWNER', principal.address]);
  return lines.map(([name, value]) => `"${name}"${value === undefined ? '' : ` ${writeString(value)}`}\r\n`).join('');
}
