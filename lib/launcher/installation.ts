import { resolve } from 'node:path';
import type { Environment } from '../config/config.ts';
import { type Certificates, ensureCertificates } from './certificates.ts';
import type { DataDirectory } from './data-directory.ts';
import { chooseMailPorts, chooseWebPort } from './ports.ts';
import { projectRoot } from './project.ts';
import type { Secrets } from './secrets.ts';
import { StartupFailure } from './startup-failure.ts';

/** Everything that was left open in the environment, decided. */
export interface Installation {
  environment: Environment;
  directory: DataDirectory;
  secret: string;
  certificates: Certificates;
  offset: number;
  webPort: number;
  webUrl: string;
  /** undefined: all addresses */
  listen: string | undefined;
  demo: boolean;
}

const isLoopback = (address: string | undefined): boolean => address !== undefined && /^(127\.|::1$|localhost$)/.test(address);

/** Decides addresses, ports and certificates. Throws StartupFailure. */
export async function resolveInstallation(environment: Environment, directory: DataDirectory, secrets: Secrets): Promise<Installation> {
  const production = environment.POSTAMT_ENV === 'production';
  const listen = environment.POSTAMT_LISTEN ?? (production ? undefined : '127.0.0.1');
  if (environment.POSTAMT_CLEARTEXT_LOGIN === 'loopback' && !isLoopback(listen)) {
    throw new StartupFailure(
      `POSTAMT_CLEARTEXT_LOGIN=loopback is refused while listening on ${listen ?? 'all addresses'}: set POSTAMT_LISTEN=127.0.0.1 or drop it.`,
    );
  }
  const offset = await chooseMailPorts(environment.POSTAMT_PORT_OFFSET, listen, production);
  const webPort = await chooseWebPort(environment.PORT, listen);
  return {
    environment,
    directory,
    secret: environment.POSTAMT_SECRET ?? secrets.secret,
    certificates: await chooseCertificates(environment, directory),
    offset,
    webPort,
    webUrl: environment.POSTAMT_WEB_URL ?? `http://localhost:${webPort}`,
    listen,
    demo: environment.POSTAMT_DEMO === undefined ? !production : environment.POSTAMT_DEMO === '1',
  };
}

async function chooseCertificates(environment: Environment, directory: DataDirectory): Promise<Certificates> {
  const { POSTAMT_TLS_CERT: cert, POSTAMT_TLS_KEY: key, POSTAMT_TLS_CA: ca } = environment;
  if (Boolean(cert) !== Boolean(key)) throw new StartupFailure('POSTAMT_TLS_CERT and POSTAMT_TLS_KEY belong together: set both or none.');
  if (!cert || !key) {
    const local = await ensureCertificates(directory.tls, environment.POSTAMT_HOST);
    return ca ? { ...local, ca: resolve(projectRoot, ca) } : local;
  }
  const inProject = (files: string[]): string => files.map((file) => resolve(projectRoot, file)).join();
  return { cert: inProject(cert), key: inProject(key), ca: resolve(projectRoot, ca ?? cert[0] ?? '') };
}

/** The environment of the processes that we start: every decision by its variable, so that they decide nothing anew. */
export function childEnvironment(installation: Installation, databaseUrl: string): NodeJS.ProcessEnv {
  const { environment, certificates, listen } = installation;
  return {
    ...process.env,
    POSTAMT_ENV: environment.POSTAMT_ENV,
    POSTAMT_DATA: installation.directory.path,
    DATABASE_URL: databaseUrl,
    POSTAMT_DATABASE_ADMIN_URL: '',
    // the disk of a database elsewhere is its operator's
    POSTAMT_MIN_FREE_BYTES: String(environment.DATABASE_URL ? 0 : environment.POSTAMT_MIN_FREE_BYTES),
    POSTAMT_SECRET: installation.secret,
    PORT: String(installation.webPort),
    POSTAMT_PORT_OFFSET: String(installation.offset),
    POSTAMT_LISTEN: listen ?? '',
    POSTAMT_HOST: environment.POSTAMT_HOST,
    POSTAMT_WEB_URL: installation.webUrl,
    POSTAMT_DEMO: installation.demo ? '1' : '0',
    POSTAMT_TLS_CERT: certificates.cert,
    POSTAMT_TLS_KEY: certificates.key,
    // a certificate of a public authority is trusted without a file of ours
    POSTAMT_TLS_CA: environment.POSTAMT_TLS_CERT && !environment.POSTAMT_TLS_CA ? '' : certificates.ca,
    // password hashing runs there; more threads than this only cost (lib/auth/password-hash.ts counts on the number)
    UV_THREADPOOL_SIZE: '4',
    NEXT_TELEMETRY_DISABLED: '1',
  };
}
