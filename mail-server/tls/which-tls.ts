/** TLS 1.3, and of TLS 1.2 what has forward secrecy and authenticated encryption (Mozilla's "intermediate", May 2024, without DHE). */
const goodCiphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** For whoever signs in. */
export const goodTls = { minVersion: 'TLSv1.2', ciphers: goodCiphers } as const;

/**
 * Between mail hosts that nothing obliges to TLS: what is too old for it goes in clear text, or, since some programs never give up TLS that was
 * offered, not at all. Old versions, ciphers and keys are better than either (RFC 7435, decision 171); good ones are preferred.
 */
export const anyTls = { minVersion: 'TLSv1', ciphers: `${goodCiphers}:HIGH:MEDIUM:!aNULL:@SECLEVEL=0` } as const;
