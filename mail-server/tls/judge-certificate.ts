import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { duplexPair } from 'node:stream';
import { connect, TLSSocket, type SecureContext } from 'node:tls';
import type { Logger } from 'pino';

const dayMs = 86_400_000;
const soonMs = 14 * dayMs;
/** Of a certificate that lives for six days two weeks are left at no time. */
const soonPart = 1 / 5;

/** Who checks the certificate: mail programs, and the web beside us, which reads and sends nothing where it fails. */
export interface Audience {
  /** the name that they connect to */
  host: string;
  /** file of the authority that they trust (POSTAMT_TLS_CA); undefined: those that the world trusts */
  authority: string | undefined;
}

interface Certificate {
  context: SecureContext;
  validFrom: Date;
  validTo: Date;
}

/** Says in the log that the certificate ends soon, or that whoever checks it refuses it: it has ended, is for another name, or its chain is missing. */
export async function judgeCertificate(certificate: Certificate, audience: Audience, log: Logger): Promise<void> {
  try {
    const reason = await refusalOf(certificate.context, audience);
    const leftMs = certificate.validTo.getTime() - Date.now();
    const about = { host: audience.host, ends: certificate.validTo.toISOString() };
    if (reason) log.error({ ...about, reason }, 'mail programs and the webmail refuse the certificate');
    else if (leftMs < Math.min(soonMs, (certificate.validTo.getTime() - certificate.validFrom.getTime()) * soonPart))
      log.warn({ ...about, days: Math.floor(leftMs / dayMs) }, 'the certificate ends soon: its renewal does not work');
  } catch (error) {
    log.error({ err: error }, 'the certificate cannot be checked');
  }
}

/** A handshake with ourselves: OpenSSL's reason to refuse what we show; null: there is none. */
async function refusalOf(secureContext: SecureContext, { host, authority }: Audience): Promise<string | null> {
  const ca = authority ? readFileSync(authority) : undefined;
  const [ours, theirs] = duplexPair();
  const server = new TLSSocket(ours, { isServer: true, secureContext });
  const client = connect({
    socket: theirs,
    host,
    ...(isIP(host) ? {} : { servername: host }),
    ca,
    rejectUnauthorized: false,
  });
  server.on('error', (error) => client.destroy(error));
  try {
    await once(client, 'secureConnect');
    // declared as an error, and the name of one
    return client.authorized ? null : String(client.authorizationError);
  } finally {
    client.destroy();
    server.destroy();
  }
}
