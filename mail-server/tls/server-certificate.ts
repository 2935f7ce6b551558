import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Logger } from 'pino';
import { judgeCertificate, type Audience } from './judge-certificate.ts';
import { anyTls, goodTls } from './which-tls.ts';

const sessionTimeoutS = 7_200;
const lookEveryMs = 60_000;
/** Session tickets are sealed with keys of the context; a context lives no longer than this, so neither do they. */
const renewAfterMs = 24 * 3_600_000;

/**
 * The server's certificate as it is now. Ask for `context` or `hostContext` at each handshake and never keep it: a renewed certificate is then in use from
 * the next connection on, and those that are open stay open.
 */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
  readonly context: SecureContext;
  /** for hosts that bring mail, where any TLS is better than none (RFC 7435); nobody signs in there */
  readonly hostContext: SecureContext;
  /** when it ends */
  readonly validTo: Date;
  /** Reads the files again (SIGHUP). If they do not fit, the certificate in use stays and the reason is logged. */
  reload(): void;
  close(): void;
}

/**
 * Reads PEM files and looks every minute whether they changed. Throws if they cannot be read or do not fit together. What `audience` would say against
 * the certificate is in the log, at the start and once a day: it is used nevertheless.
 */
export function openServerCertificate(
  paths: { cert: string; key: string },
  log: Logger,
  audience: Audience | null = null,
): ServerCertificate {
  let current = load(paths);
  const judge = (): void => {
    if (audience) void judgeCertificate(current.context, audience, log);
  };
  judge();
  const reload = (): void => {
    try {
      current = load(paths);
      log.info('certificate read anew');
      judge();
    } catch (error) {
      log.error({ err: error }, 'new certificate cannot be used, the one in use stays');
    }
  };
  const look = setInterval(() => {
    const stamp = stampOf(paths);
    if (stamp !== current.stamp || performance.now() - current.atMs > renewAfterMs) reload();
  }, lookEveryMs).unref();
  return {
    get cert() {
      return current.cert;
    },
    get key() {
      return current.key;
    },
    get context() {
      return current.context;
    },
    get hostContext() {
      return current.hostContext;
    },
    get validTo() {
      return current.validTo;
    },
    reload,
    close: () => clearInterval(look),
  };
}

function load(paths: { cert: string; key: string }) {
  const stamp = stampOf(paths);
  const cert = readFileSync(paths.cert, 'utf8');
  const key = readFileSync(paths.key, 'utf8');
  // OpenSSL compares them only where both are RSA, or both are not; of others no handshake would ever come about
  const certificate = readPem(paths.cert, 'certificate', () => new X509Certificate(cert));
  const privateKey = readPem(paths.key, 'key without a password', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) throw new Error(`${paths.key} is not the key of ${paths.cert}`);
  return { stamp, ...withContexts({ cert, key }), validTo: certificate.validToDate, atMs: performance.now() };
}

/** A chain and its key, and what handshakes are done with. */
export function withContexts(pem: { cert: string; key: string }) {
  const common = { ...pem, honorCipherOrder: true, sessionTimeout: sessionTimeoutS, sessionIdContext: 'postamt-mail' };
  return { ...pem, context: createSecureContext({ ...common, ...goodTls }), hostContext: createSecureContext({ ...common, ...anyTls }) };
}

/** OpenSSL names neither the file nor what it misses. */
function readPem<T>(path: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${path} holds no ${what} in PEM`, { cause: error });
  }
}

/** Changes when one of the files does. Empty when one is missing just now (a renewal in the making): compared again in a minute. */
function stampOf(paths: { cert: string; key: string }): string {
  try {
    return [paths.cert, paths.key].map((path) => statSync(path).mtimeMs).join(' ');
  } catch {
    return '';
  }
}
