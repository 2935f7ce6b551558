/** RFC 8460 section 4.3; 'successful' is ours, for what is counted and not told. */
export type TlsResult =
  | 'successful'
  | 'starttls-not-supported'
  | 'certificate-host-mismatch'
  | 'certificate-expired'
  | 'certificate-not-trusted'
  | 'validation-failure'
  | 'tlsa-invalid'
  | 'dnssec-invalid'
  | 'sts-policy-fetch-error'
  | 'sts-policy-invalid'
  | 'sts-webpki-invalid';

const results: ReadonlyMap<string, TlsResult> = new Map(
  Object.entries({
    'no-starttls': 'starttls-not-supported',
    ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-host-mismatch',
    CERT_HAS_EXPIRED: 'certificate-expired',
    CERT_NOT_YET_VALID: 'certificate-expired',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-not-trusted',
    SELF_SIGNED_CERT_IN_CHAIN: 'certificate-not-trusted',
    UNABLE_TO_GET_ISSUER_CERT: 'certificate-not-trusted',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-not-trusted',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-not-trusted',
    CERT_UNTRUSTED: 'certificate-not-trusted',
    CERT_REVOKED: 'certificate-not-trusted',
    INVALID_CA: 'certificate-not-trusted',
  } satisfies Record<string, TlsResult>),
);

/** What a report calls the end of a handshake that the platform gives a name. */
export const tlsResultOf = (reason: string): TlsResult => results.get(reason) ?? 'validation-failure';

/** Whether a certificate is the reason, and not what comes before it. */
export const isCertificateFault = (reason: string): boolean => results.has(reason) && reason !== 'no-starttls';
