import { parseEnvironment, portsFor, type MailPort } from './config.ts';

/** What the web needs to know of its installation, parsed once from the environment that the launcher prepares. */
export interface Installation {
  databaseUrl: string;
  secret: string;
  /** Name of the mail host, as clients and MX records use it. */
  host: string;
  ports: Record<MailPort, number>;
  /** Address of the web, without a trailing slash. */
  webUrl: string;
  /** "127.0.0.1:5353" each; empty: those of the system. */
  resolvers: readonly string[];
  defaultQuotaBytes: number;
  signUpOpen: boolean;
  /** how guessing is slowed down (lib/auth/login-throttle.ts) */
  login: { failures: number; waitS: number; secret: string };
  stsMode: 'testing' | 'enforce';
  /** POSTAMT_DKIM_ZONE */
  dkimZone: string | null;
}

let parsed: Installation | null = null;

/** Throws ConfigurationError when a variable is missing or wrong. Lazy, so that a build needs no database. */
export function installation(): Installation {
  if (parsed) return parsed;
  const environment = parseEnvironment(process.env);
  const { DATABASE_URL: databaseUrl, POSTAMT_SECRET: secret } = environment;
  if (!databaseUrl || !secret) throw new Error('The web needs DATABASE_URL and POSTAMT_SECRET; the launcher (npm start) gives both.');
  parsed = {
    databaseUrl,
    secret,
    host: environment.POSTAMT_HOST,
    ports: portsFor(environment.POSTAMT_PORT_OFFSET ?? (environment.POSTAMT_ENV === 'production' ? 0 : 10_000)),
    webUrl: (environment.POSTAMT_WEB_URL ?? `http://localhost:${environment.PORT}`).replace(/\/+$/, ''),
    resolvers: environment.POSTAMT_DNS,
    defaultQuotaBytes: environment.POSTAMT_QUOTA_BYTES,
    signUpOpen: environment.POSTAMT_SIGN_UP === 'open',
    login: { failures: environment.POSTAMT_LOGIN_FAILURES, waitS: environment.POSTAMT_LOGIN_WAIT_S, secret },
    stsMode: environment.POSTAMT_STS_MODE,
    dkimZone: environment.POSTAMT_DKIM_ZONE ?? null,
  };
  return parsed;
}
