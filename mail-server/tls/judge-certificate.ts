import { readFileSync } from 'node:fs';
import { duplexPair } from 'node:stream';
import { TLSSocket, type SecureContext } from 'node:tls';
import type { Logger } from 'pino';
import { seeCertificate } from '#lib/config/see-certificate.ts';

const dayMs = 86_400_000;

/** Who checks the certificate: mail programs, and the web beside us, which reads and sends nothing where it fails. */
export interface Audience {
  /** the name that they connect to */
  host: string;
  /** file of the authority that they trust (POSTAMT_TLS_CA); undefined: those that the world trusts */
  authority: string | undefined;
}

/**
 * Says in the log that the certificate ends soon, or that whoever checks it refuses it: it has ended, is for another name, or its chain is missing. A
 * handshake with ourselves tells.
 */
export async function judgeCertificate(secureContext: SecureContext, { host, authority }: Audience, log: Logger): Promise<void> {
  try {
    const [ours, theirs] = duplexPair();
    const server = new TLSSocket(ours, { isServer: true, secureContext });
    server.on('error', (error) => theirs.destroy(error));
    const ca = authority ? readFileSync(authority) : undefined;
    const { refusal, validTo, endsSoon } = await seeCertificate(theirs, { host, ca }).finally(() => server.destroy());
    const about = { host, ends: validTo.toISOString() };
    if (refusal) log.error({ ...about, reason: refusal }, 'mail programs and the webmail refuse the certificate');
    else if (endsSoon)
      log.warn(
        { ...about, days: Math.floor((validTo.getTime() - Date.now()) / dayMs) },
        'the certificate ends soon: its renewal does not work',
      );
  } catch (error) {
    log.error({ err: error }, 'the certificate cannot be checked');
  }
}
