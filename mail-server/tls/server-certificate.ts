import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Logger } from 'pino';
import { judgeCertificate, type Audience } from './judge-certificate.ts';
import { anyTls, goodTls } from './which-tls.ts';

const sessionTimeoutS = 7_200;
const lookEveryMs = 60_000;
/** Session tickets are sealed with keys of the context; a context lives no longer than this, so neither do they. */
const renewAfterMs = 24 * 3_600_000;

/** What handshakes are done with. */
interface Contexts {
  readonly context: SecureContext;
  /** for hosts that bring mail, where any TLS is better than none (RFC 7435); nobody signs in there */
  readonly hostContext: SecureContext;
}

/** The files of one certificate, in PEM. */
export interface CertificateFiles {
  /** with its chain */
  cert: string;
  key: string;
}

/**
 * The server's certificates as they are now. Ask for what is needed at each handshake and never keep it: a renewed certificate is then in use from
 * the next connection on, and those that are open stay open.
 */
export interface ServerCertificate extends Contexts {
  /**
   * The certificate for a client that asks for this name (SNI): one, since the platform takes no more from such a context. Null, and for a name null: what all
   * others get.
   */
  readonly named: ((serverName: string) => Contexts | null) | null;
  /** when the first of them ends */
  readonly validTo: Date;
  /** Reads the files again (SIGHUP). If they do not fit, the certificates in use stay and the reason is logged. */
  reload(): void;
  close(): void;
}

/**
 * Reads PEM files and looks every minute whether they changed. Throws if they cannot be read or do not fit together. What `audience` would say against
 * a certificate is in the log, at the start and once a day: it is used nevertheless.
 *
 * Of several certificates those for the audience's host are offered together, the first of each kind of key (ECDSA, RSA), so that each client gets one that it
 * knows. Who asks for another name gets the first that is for it.
 */
export function openServerCertificate(
  files: readonly CertificateFiles[],
  log: Logger,
  audience: Audience | null = null,
): ServerCertificate {
  const host = audience?.host;
  let current = load(files, host);
  const judge = (): void => {
    if (!audience) return;
    for (const { cert, name, contexts } of current.apart)
      void judgeCertificate(contexts.context, { ...audience, host: name }, log.child({ certificate: cert }));
  };
  judge();
  const reload = (): void => {
    try {
      current = load(files, host);
      log.info('certificate read anew');
      judge();
    } catch (error) {
      log.error({ err: error }, 'new certificate cannot be used, the one in use stays');
    }
  };
  const look = setInterval(() => {
    const stamp = stampOf(files);
    if (stamp !== current.stamp || performance.now() - current.atMs > renewAfterMs) reload();
  }, lookEveryMs).unref();
  return {
    get context() {
      return current.contexts.context;
    },
    get hostContext() {
      return current.contexts.hostContext;
    },
    get named() {
      return current.named;
    },
    get validTo() {
      return current.validTo;
    },
    reload,
    close: () => clearInterval(look),
  };
}

interface Certificate extends CertificateFiles {
  pem: { cert: string; key: string };
  x509: X509Certificate;
  /** with it alone */
  contexts: Contexts;
}

function load(files: readonly CertificateFiles[], host: string | undefined) {
  const stamp = stampOf(files);
  const all = files.map(read);
  const isOf =
    (name: string | undefined) =>
    ({ x509 }: Certificate): boolean =>
      name !== undefined && isFor(x509, name);
  const usual = firstOfEachKind(all.some(isOf(host)) ? all.filter(isOf(host)) : all.slice(0, 1));
  return {
    stamp,
    contexts: contextsWith(usual),
    named: all.length === 1 ? null : (name: string) => (usual.every(isOf(name)) ? null : (all.find(isOf(name))?.contexts ?? null)),
    /** each for itself, by the name that it is asked for */
    apart: all.map((one) => ({ ...one, name: (usual.includes(one) ? host : undefined) ?? firstNameOf(one.x509) })),
    validTo: new Date(Math.min(...all.map(({ x509 }) => x509.validToDate.getTime()))),
    atMs: performance.now(),
  };
}

function read({ cert, key }: CertificateFiles): Certificate {
  const pem = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  // OpenSSL compares them only where both are RSA, or both are not; of others no handshake would ever come about
  const x509 = readPem(cert, 'certificate', () => new X509Certificate(pem.cert));
  const privateKey = readPem(key, 'key without a password', () => createPrivateKey(pem.key));
  if (!x509.checkPrivateKey(privateKey)) throw new Error(`${key} is not the key of ${cert}`);
  return { cert, key, pem, x509, contexts: makeContexts(pem) };
}

/** A client may ask for anything. */
const isName = (text: string): boolean => /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(text);

const isFor = (x509: X509Certificate, name: string): boolean =>
  (isIP(name) === 0 ? isName(name) && x509.checkHost(name) : x509.checkIP(name)) !== undefined;

/** "www.example.org" of "*.example.org": one of the names that it is for. */
const firstNameOf = ({ subjectAltName = '' }: X509Certificate): string =>
  (/DNS:([^, ]+)/.exec(subjectAltName)?.[1] ?? 'localhost').replace('*', 'www');

/** OpenSSL keeps the last of each kind. */
const firstOfEachKind = (certificates: readonly Certificate[]): Certificate[] => {
  const kinds = certificates.map(({ x509 }) => x509.publicKey.asymmetricKeyType);
  return certificates.filter((_, index) => kinds.indexOf(kinds[index]) === index);
};

const contextsWith = (certificates: readonly Certificate[]): Contexts =>
  makeContexts({ cert: certificates.map(({ pem }) => pem.cert), key: certificates.map(({ pem }) => pem.key) });

function makeContexts(pem: { cert: string | string[]; key: string | string[] }): Contexts {
  const common = { ...pem, honorCipherOrder: true, sessionTimeout: sessionTimeoutS, sessionIdContext: 'postamt-mail' };
  return { context: createSecureContext({ ...common, ...goodTls }), hostContext: createSecureContext({ ...common, ...anyTls }) };
}

/** One chain and its key, for all names. */
export const withContexts = (pem: { cert: string; key: string }) => ({ ...makeContexts(pem), named: null });

/** OpenSSL names neither the file nor what it misses. */
function readPem<T>(path: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${path} holds no ${what} in PEM`, { cause: error });
  }
}

/** Changes when one of the files does. Empty when one is missing just now (a renewal in the making): compared again in a minute. */
function stampOf(files: readonly CertificateFiles[]): string {
  try {
    return files.flatMap(({ cert, key }) => [cert, key].map((path) => statSync(path).mtimeMs)).join(' ');
  } catch {
    return '';
  }
}
