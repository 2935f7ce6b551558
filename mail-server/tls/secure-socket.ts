import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';

const handshakeTimeoutMs = 20_000;

/**
 * Does the server's part of a TLS handshake, at the start of a connection or after STARTTLS. Rejects, with the socket destroyed, when the
 * handshake fails or takes more than 20 s.
 *
 * After STARTTLS the caller must have removed its listeners from the plain socket and thrown away every byte that it received behind the
 * command (RFC 3207 section 4.2, CVE-2011-0411). What the socket itself still holds is taken as handshake, so clear text fails there.
 */
export function secureSocket(plain: Socket, context: SecureContext): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = new TLSSocket(plain, { isServer: true, secureContext: context });
    const timer = setTimeout(() => fail(new Error('TLS handshake timed out')), handshakeTimeoutMs);
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
    secure.once('error', fail);
    secure.once('close', onClose).once('end', onClose);
    secure.once('secure', () => {
      clearTimeout(timer);
      secure.off('error', fail);
      secure.off('close', onClose).off('end', onClose);
      resolve(secure);
    });
  });
}
