import { getServers } from 'node:dns';
import { isIP } from 'node:net';
import type { MailServerSettings } from '../../settings.ts';
import { askSecure } from './ask-secure.ts';
import { parseTlsa, type TlsaRecord } from './tlsa.ts';

/**
 * - null: the host says nothing about its certificate, or nobody can tell whether it does
 * - 'away': whether it does could not be found out, so it must not be used now (RFC 7672 section 2.1)
 * - records: TLS is a must, with one of them where there are any that can be used
 */
export type Dane = { records: TlsaRecord[] } | 'away' | null;

const noSuchName = 3;

/** The resolver whose word about DNSSEC is taken: one on this machine, or any that POSTAMT_DANE=on vouches for. */
function validatingServer({ dane, dnsServers }: MailServerSettings): string | null {
  const server = dnsServers[0] ?? getServers()[0];
  if (server === undefined || dane === 'off') return null;
  return dane === 'on' || /^\[?(127\.|::1\b)/.test(server) ? server : null;
}

/** Whether the DNS says for sure which hosts take the mail of a domain: without that, what they say of themselves is worth nothing. */
export async function hasSecureHosts(settings: MailServerSettings, domain: string): Promise<boolean> {
  const server = validatingServer(settings);
  if (!server || isIP(domain) !== 0 || domain.startsWith('[')) return false;
  return askSecure(server, domain, 'MX').then(
    ({ secure, code }) => secure && (code === 0 || code === noSuchName),
    () => false,
  );
}

/** What a host of a domain with secure hosts demands (RFC 7672 section 2.2). */
export async function findDane(settings: MailServerSettings, host: string): Promise<Dane> {
  const server = validatingServer(settings);
  if (!server || isIP(host) !== 0) return null;
  try {
    const addresses = await Promise.all([askSecure(server, host, 'A'), askSecure(server, host, 'AAAA')]);
    // servers of unsigned zones are known to answer wrongly when asked for TLSA, so they are not
    if (!addresses.some(({ secure, records }) => secure && records.length > 0)) return null;
    const { secure, code, records } = await askSecure(server, `_${settings.smtpPortOut}._tcp.${host}`, 'TLSA');
    if (code !== 0 && code !== noSuchName) return 'away';
    if (!secure || records.length === 0) return null;
    return { records: records.map(parseTlsa).filter((record) => record !== null) };
  } catch {
    return 'away';
  }
}
