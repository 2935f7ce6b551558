import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from './write-atomically.ts';
import { fileFailure, StartupFailure } from './startup-failure.ts';

const credential = z.object({ address: z.string(), password: z.string() });

const secretsFile = z.object({
  /** POSTAMT_SECRET where the operator gave none */
  secret: z.string().min(32),
  /** of the administrator of the embedded Postgres, used by the launcher alone */
  postgresPassword: z.string(),
  /** of the role that everything else signs in to it as; made at the first start that knows it */
  applicationPassword: z.string().optional(),
  /** port of the embedded Postgres, kept so that tools find it again; 0 before the first start */
  postgresPort: z.number().int(),
  operator: z.object({ email: z.string(), password: z.string() }).nullable(),
  demo: z.array(credential),
  /** all letters of the demo are delivered */
  demoComplete: z.boolean(),
});

/** What was made once for this data directory; file mode 0600. */
export type Secrets = z.output<typeof secretsFile>;

/** Reads the secrets of a data directory, or makes them. Throws StartupFailure if the file is damaged, may not be read, or is gone from beside its database. */
export function loadSecrets(path: string): Secrets {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw fileFailure(error) ?? error;
    // new ones open neither the database nor what is sealed in it
    if (existsSync(join(dirname(path), 'postgres', 'data', 'PG_VERSION')))
      throw new StartupFailure(
        `${path} is missing, and its database is there: put it back from the same backup (it holds the key to the database and to DKIM keys).`,
      );
    const fresh: Secrets = {
      secret: randomBytes(48).toString('base64url'),
      postgresPassword: randomBytes(24).toString('base64url'),
      applicationPassword: randomBytes(24).toString('base64url'),
      postgresPort: 0,
      operator: null,
      demo: [],
      demoComplete: false,
    };
    saveSecrets(path, fresh);
    return fresh;
  }
  try {
    return secretsFile.parse(JSON.parse(text));
  } catch {
    throw new StartupFailure(`${path} is damaged: put it back from your backup (it holds the key to the database and to DKIM keys).`);
  }
}

/** Where the embedded Postgres answers its administrator, who owns nothing of ours and is asked for what concerns the whole server. */
export const administratorUrl = ({ postgresPassword, postgresPort }: Secrets): string =>
  `postgresql://postamt:${encodeURIComponent(postgresPassword)}@127.0.0.1:${postgresPort}/postamt`;

/** Where it answers the web and the mail server. */
export const applicationUrl = ({ applicationPassword, postgresPort }: Secrets): string =>
  `postgresql://postamt_app:${encodeURIComponent(applicationPassword ?? '')}@127.0.0.1:${postgresPort}/postamt`;

/**
 * Address of the embedded Postgres of an installation that was started before. Administrator: for a backup. Throws StartupFailure if there
 * is none.
 */
export function embeddedUrl(path: string, as: 'application' | 'administrator'): string {
  if (!existsSync(path)) throw new StartupFailure(`There is no installation here (${path} is missing): set POSTAMT_DATA or DATABASE_URL.`);
  const secrets = loadSecrets(path);
  return as === 'administrator' ? administratorUrl(secrets) : applicationUrl(secrets);
}

export function saveSecrets(path: string, secrets: Secrets): void {
  try {
    writeAtomically(path, `${JSON.stringify(secrets, null, 2)}\n`, 0o600);
  } catch (error) {
    throw fileFailure(error) ?? error;
  }
}
