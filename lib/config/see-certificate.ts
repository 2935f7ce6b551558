import { once } from 'node:events';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';

const soonMs = 14 * 86_400_000;
/** Of a certificate that lives for six days two weeks are left at no time. */
const soonPart = 1 / 5;

export interface SeenCertificate {
  /** OpenSSL's reason to refuse it ("CERT_HAS_EXPIRED"); null: there is none */
  refusal: string | null;
  validTo: Date;
  /** it should have been renewed by now */
  endsSoon: boolean;
}

/** A handshake over `socket` as those make it who connect to `host` and trust `ca` (undefined: what the world trusts). Throws where none comes about. */
export async function seeCertificate(
  socket: Duplex,
  { host, ca }: { host: string; ca: string | Buffer | undefined },
  signal?: AbortSignal,
): Promise<SeenCertificate> {
  const client = connect({ socket, host, ...(isIP(host) ? {} : { servername: host }), ca, rejectUnauthorized: false });
  // a connection that failed says so twice, of which `once` hears one
  client.on('error', () => undefined);
  socket.on('error', (error) => client.destroy(error));
  try {
    await once(client, 'secureConnect', signal ? { signal } : {});
    const certificate = client.getPeerX509Certificate();
    if (!certificate) throw new Error('no certificate was shown');
    const { validFromDate, validToDate } = certificate;
    const leftMs = validToDate.getTime() - Date.now();
    return {
      // declared as an error, and the name of one
      refusal: client.authorized ? null : String(client.authorizationError),
      validTo: validToDate,
      endsSoon: leftMs < Math.min(soonMs, (validToDate.getTime() - validFromDate.getTime()) * soonPart),
    };
  } finally {
    client.destroy();
    socket.destroy();
  }
}
