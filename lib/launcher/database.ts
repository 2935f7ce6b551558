import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Environment } from '../config/config.ts';
import { throughSocket } from '../db/database-url.ts';
import { migrate } from '../db/migrate.ts';
import { isPooled, poolerSentence } from '../db/pooler.ts';
import type { DataDirectory } from './data-directory.ts';
import { freePort } from './ports.ts';
import { type PreparedPostgres, preparePostgres, type RunningPostgres } from './postgres/embedded-postgres.ts';
import { stopOrphan } from './postgres/orphan.ts';
import { progress } from './progress.ts';
import { ensureApplicationRole } from './postgres/application-role.ts';
import { administratorUrl, applicationUrl, type Secrets, saveSecrets } from './secrets.ts';
import { StartupFailure } from './startup-failure.ts';

const OLDEST_SERVER = 180_000;

/** The database in use; `embedded` is null where DATABASE_URL names one of the operator's own. */
export interface OpenDatabase {
  url: string;
  embedded: { prepared: PreparedPostgres; running: RunningPostgres } | null;
}

/** Starts the embedded Postgres, or finds the operator's own. Throws StartupFailure. */
export async function openDatabase(environment: Environment, directory: DataDirectory, secrets: Secrets): Promise<OpenDatabase> {
  if (environment.DATABASE_URL) {
    const { POSTAMT_DATABASE_ADMIN_URL: administrator } = environment;
    if (administrator) {
      await checkServer(administrator, 'POSTAMT_DATABASE_ADMIN_URL');
      await ensureApplicationRole(administrator, environment.DATABASE_URL);
    }
    await checkServer(environment.DATABASE_URL, 'DATABASE_URL');
    progress('Using the Postgres of DATABASE_URL');
    return { url: environment.DATABASE_URL, embedded: null };
  }
  refuseAnotherBeginning(directory, secrets);
  // it has the port, if a killed launcher left it
  await stopOrphan(join(directory.postgres, 'data'));
  const port = await freePort(secrets.postgresPort);
  if (port !== secrets.postgresPort) {
    secrets.postgresPort = port;
    saveSecrets(directory.secrets, secrets);
  }
  const prepared = await preparePostgres({ home: directory.postgres, port, password: secrets.postgresPassword, durability: 'durable' });
  const running = await prepared.start();
  progress(`Postgres runs on 127.0.0.1:${port}`);
  if (!secrets.applicationPassword) {
    secrets.applicationPassword = randomBytes(24).toString('base64url');
    saveSecrets(directory.secrets, secrets);
  }
  const url = applicationUrl(secrets);
  await ensureApplicationRole(administratorUrl(secrets), url);
  return { url: throughSocket(url, prepared.socketDirectory), embedded: { prepared, running } };
}

/** A disk that is not mounted must not look like a first start: every letter to a mailbox that is not there would be refused for good. */
function refuseAnotherBeginning({ postgres, secrets: file }: DataDirectory, { operator }: Secrets): void {
  const data = join(postgres, 'data');
  if (operator === null || existsSync(join(data, 'PG_VERSION'))) return;
  throw new StartupFailure(
    `The database of this installation is missing (${data}): mount its disk or put it back from your backup; to begin anew, remove ${file} too.`,
  );
}

/** Applies what is missing of prisma/migrations. Throws StartupFailure. */
export async function migrateDatabase(url: string): Promise<void> {
  try {
    const applied = await migrate(url);
    if (applied.length > 0) progress(`Database schema: ${applied.length} migration${applied.length === 1 ? '' : 's'} applied`);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n').filter(Boolean).slice(0, 4).join(' ') : String(error);
    throw new StartupFailure(`The database schema cannot be brought up to date: ${reason}`);
  }
}

async function checkServer(url: string, variable: 'DATABASE_URL' | 'POSTAMT_DATABASE_ADMIN_URL'): Promise<void> {
  const { hostname, port, pathname, username } = new URL(url);
  const where = `${hostname}:${port || '5432'}${pathname}`;
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    if (await isPooled(client)) throw new StartupFailure(poolerSentence(url));
    const { rows } = await client.query<{ version: number; superuser: boolean }>(
      `SELECT current_setting('server_version_num')::int AS version, current_setting('is_superuser') = 'on' AS superuser`,
    );
    const version = rows[0]?.version ?? 0;
    if (rows[0]?.superuser && variable === 'DATABASE_URL')
      progress(`${decodeURIComponent(username)} is a superuser at ${where}: better give Postamt a role of its own`);
    if (version < OLDEST_SERVER) {
      throw new StartupFailure(`The Postgres at ${where} is version ${Math.floor(version / 10_000)}; Postamt needs 18 or newer.`);
    }
  } catch (error) {
    if (error instanceof StartupFailure) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // it will be made
    if (code === '3D000') return;
    if (code === '28P01' || code === '28000') {
      throw new StartupFailure(`The Postgres at ${where} refuses user "${decodeURIComponent(username)}": correct ${variable}.`);
    }
    const reason = code || (error instanceof Error ? error.message : String(error));
    throw new StartupFailure(`The database at ${where} cannot be reached (${reason}): start it or correct ${variable}.`);
  } finally {
    await client.end().catch(() => {});
  }
}
