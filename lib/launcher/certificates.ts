import { X509Certificate, createPublicKey, createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
// must come before the certificate library, which looks for it when it is loaded
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { fileFailure } from './startup-failure.ts';
import { writeAtomically } from './write-atomically.ts';

const DAY_MS = 86_400_000;
const AUTHORITY_YEARS = 10;
/** What Apple's devices accept at most. */
const SERVER_DAYS = 397;
const RENEW_BEFORE_DAYS = 30;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Paths of the PEM files that the servers use. */
export interface Certificates {
  cert: string;
  key: string;
  /** the authority that clients are to trust */
  ca: string;
}

/**
 * The local authority and a server certificate for localhost, 127.0.0.1, ::1 and `hostName`, made where there is none, where it is about
 * to expire, or where the name is not in it. Throws StartupFailure if they cannot be written.
 */
export async function ensureCertificates(directory: string, hostName: string): Promise<Certificates> {
  const { authorityKey, names, ...paths } = placesOf(directory, hostName);
  try {
    if (!isGood(paths.ca, authorityKey, [])) await makeAuthority(paths.ca, authorityKey);
    if (!isGood(paths.cert, paths.key, names, paths.ca)) await makeServerCertificate(paths, authorityKey, names);
  } catch (error) {
    throw fileFailure(error) ?? error;
  }
  return paths;
}

/**
 * Renews the server certificate in `directory` when its time has come, by the authority that is there, since programs trust that one; the mail
 * servers take it within a minute. True: it did. A new authority is made by a start alone.
 */
export async function renewCertificate(directory: string, hostName: string): Promise<boolean> {
  const { authorityKey, names, ...paths } = placesOf(directory, hostName);
  if (!isGood(paths.ca, authorityKey, []) || isGood(paths.cert, paths.key, names, paths.ca)) return false;
  await makeServerCertificate(paths, authorityKey, names);
  return true;
}

function placesOf(directory: string, hostName: string): Certificates & { authorityKey: string; names: string[] } {
  return {
    cert: join(directory, 'server.pem'),
    key: join(directory, 'server.key'),
    ca: join(directory, 'ca.pem'),
    authorityKey: join(directory, 'ca.key'),
    names: [...new Set(['localhost', '127.0.0.1', '::1', hostName])],
  };
}

function isGood(certFile: string, keyFile: string, names: string[], issuerFile?: string): boolean {
  if (!existsSync(certFile) || !existsSync(keyFile)) return false;
  try {
    const cert = new X509Certificate(readFileSync(certFile));
    const key = createPublicKey(createPrivateKey(readFileSync(keyFile)));
    return (
      cert.validToDate.getTime() - Date.now() > RENEW_BEFORE_DAYS * DAY_MS &&
      cert.publicKey.equals(key) &&
      (!issuerFile || cert.verify(new X509Certificate(readFileSync(issuerFile)).publicKey)) &&
      names.every((name) => (isIP(name) ? cert.checkIP(name) : cert.checkHost(name)) !== undefined)
    );
  } catch {
    return false;
  }
}

async function makeAuthority(certFile: string, keyFile: string): Promise<void> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const day = new Date().toISOString().slice(0, 10);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=Postamt local authority ${day},O=Postamt`,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + AUTHORITY_YEARS * 365 * DAY_MS),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      // signs server certificates only, no further authorities
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await save(keyFile, certFile, keys.privateKey, [certificate]);
}

async function makeServerCertificate(paths: Certificates, authorityKeyFile: string, names: string[]): Promise<void> {
  const authority = new x509.X509Certificate(readFileSync(paths.ca, 'utf8'));
  const pkcs8 = createPrivateKey(readFileSync(authorityKeyFile)).export({ type: 'pkcs8', format: 'der' });
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${names.at(-1)}`,
    issuer: authority.subject,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + SERVER_DAYS * DAY_MS - DAY_MS),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority),
    ],
  });
  await save(paths.key, paths.cert, keys.privateKey, [certificate, authority]);
}

async function save(keyFile: string, certFile: string, key: CryptoKey, chain: x509.X509Certificate[]): Promise<void> {
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', key));
  const pem = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' });
  writeAtomically(keyFile, pem.toString(), 0o600);
  writeAtomically(certFile, `${chain.map((certificate) => certificate.toString('pem')).join('\n')}\n`, 0o644);
}
