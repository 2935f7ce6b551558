import { connect } from 'node:net';
import { seeCertificate, type SeenCertificate } from '../../config/see-certificate.ts';
import type { MailHost } from './mail-host.ts';

const patienceMs = 3_000;

/** The certificate that the mail server beside us shows, as mail programs and the webmail see it; null: it does not answer. */
export const ownCertificate = ({
  connectTo,
  imapsPort,
  name,
  ca,
}: Pick<MailHost, 'connectTo' | 'imapsPort' | 'name' | 'ca'>): Promise<SeenCertificate | null> =>
  seeCertificate(connect(imapsPort, connectTo), { host: name, ca }, AbortSignal.timeout(patienceMs)).catch(() => null);
