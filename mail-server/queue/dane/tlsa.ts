import { createHash, type X509Certificate } from 'node:crypto';

export interface TlsaRecord {
  /** 2: an authority that stands above the certificate (DANE-TA), 3: the certificate itself (DANE-EE) */
  usage: 2 | 3;
  /** 0: of the whole certificate, 1: of its public key */
  selector: 0 | 1;
  /** 0: itself, 1: its SHA-256, 2: its SHA-512 */
  matching: 0 | 1 | 2;
  data: Buffer;
}

const longestChain = 10;

/** A record that can be used for mail (RFC 7672 section 3.1: no usage but DANE-TA and DANE-EE), or null. */
export function parseTlsa(data: Buffer): TlsaRecord | null {
  const [usage, selector, matching] = data;
  if ((usage !== 2 && usage !== 3) || (selector !== 0 && selector !== 1)) return null;
  if (matching !== 0 && matching !== 1 && matching !== 2) return null;
  const association = data.subarray(3);
  if (association.length === 0 || (matching > 0 && association.length !== (matching === 1 ? 32 : 64))) return null;
  return { usage, selector, matching, data: association };
}

function matches({ selector, matching, data }: TlsaRecord, certificate: X509Certificate): boolean {
  const content = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' });
  const presented =
    matching === 0
      ? content
      : createHash(matching === 1 ? 'sha256' : 'sha512')
          .update(content)
          .digest();
  return presented.equals(data);
}

/**
 * Whether the certificate that a host has shown is one that the records vouch for (RFC 7672 section 3.1). With DANE-EE neither its name nor its
 * dates count; with DANE-TA both do, and each certificate up to the authority must be signed by the next.
 */
export function isVouchedFor(records: readonly TlsaRecord[], leaf: X509Certificate, names: readonly string[]): boolean {
  if (records.some((record) => record.usage === 3 && matches(record, leaf))) return true;
  if (!names.some((name) => leaf.checkHost(name) !== undefined) || !isCurrent(leaf)) return false;
  let certificate = leaf;
  for (let depth = 0; depth < longestChain; depth++) {
    const issuer: X509Certificate | undefined = certificate.issuerCertificate;
    if (!issuer || !certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey) || !isCurrent(issuer)) return false;
    if (!issuer.ca) return false;
    if (records.some((record) => record.usage === 2 && matches(record, issuer))) return true;
    if (issuer.raw.equals(certificate.raw)) return false;
    certificate = issuer;
  }
  return false;
}

const isCurrent = ({ validFromDate, validToDate }: X509Certificate): boolean => {
  const now = new Date();
  return validFromDate <= now && now <= validToDate;
};
