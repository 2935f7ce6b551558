import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { Services } from '../services.ts';
import { isNews, type Client } from './hourly-news.ts';

const handshakeTimeoutMs = 20_000;

type Choose = (error: Error | null, context?: SecureContext) => void;

/**
 * Does the server's part of a TLS handshake, at the start of a connection or after STARTTLS. Rejects, with the socket destroyed, when the
 * handshake fails or takes more than 20 s. What one side has against the other (an old version, a certificate) is logged: the client shows it to
 * nobody.
 *
 * After STARTTLS the caller must have removed its listeners from the plain socket and thrown away every byte that it received behind the
 * command (RFC 3207 section 4.2, CVE-2011-0411). What the socket itself still holds is taken as handshake, so clear text fails there.
 */
export function secureSocket(plain: Socket, { settings, log }: Pick<Services, 'settings' | 'log'>, client: Client): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const kind = client.service === 'smtp' ? 'hostContext' : 'context';
    const { named, [kind]: secureContext } = settings.tls;
    const choose = named && { SNICallback: (name: string, done: Choose) => done(null, named(name)?.[kind]) };
    const secure = new TLSSocket(plain, { isServer: true, secureContext, ...choose });
    const timer = setTimeout(() => fail(new Error('TLS handshake timed out')), handshakeTimeoutMs);
    const onError = (error: Error & { code?: string; reason?: string }): void => {
      const { code = '', reason = code } = error;
      if (code.startsWith('ERR_SSL_') && isNews(client, reason)) log.info({ ...client, reason }, 'no TLS with a client');
      fail(error);
    };
    const onClose = (): void => fail(new Error('closed during the TLS handshake'));
    const fail = (error: Error): void => {
      clearTimeout(timer);
      secure.off('close', onClose).off('end', onClose);
      // a broken handshake may report more than one error
      secure.on('error', () => undefined);
      secure.destroy();
      plain.destroy();
      reject(error);
    };
    secure.once('error', onError);
    secure.once('close', onClose).once('end', onClose);
    secure.once('secure', () => {
      clearTimeout(timer);
      secure.off('error', onError);
      secure.off('close', onClose).off('end', onClose);
      // a record that is not right ends the connection (RFC 8446 section 6.2): the platform sends the alert and leaves it open, deaf
      secure.on('_tlsError', () => secure.destroy());
      resolve(secure);
    });
  });
}
