import { createHash } from 'node:crypto';
import pg from 'pg';
import { databaseName, quoteIdentifier } from './database-url.ts';
import { onServer } from './migration/adapter-factory.ts';
import { schemaEngine } from './migration/load-engine.ts';
import { applyFunctions, readFunctions } from './migration/apply-functions.ts';
import { type Migration, migrationList, readMigrations } from './migration/read-migrations.ts';

/** Months of the change log's partitions that are made ahead. */
const PARTITION_MONTHS = 3;
/** Weeks of the trace's. */
const TRACE_WEEKS = 4;
/** Held while migrating, so that several programs that start at once do it one after the other ("post" in ASCII). */
const MIGRATION_LOCK = 0x706f7374;

/**
 * Brings the database at `url` to the schema of prisma/migrations and the functions of prisma/functions, and makes the coming partitions of
 * the change log.
 * Makes the database if it does not exist. Returns the names of the migrations applied now, most often none: then it costs a few
 * milliseconds, else the schema engine is loaded. Throws what pg or the engine throws.
 */
export async function migrate(url: string): Promise<string[]> {
  const client = await connect(url);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await settleSessions(client);
    const migrations = await readMigrations();
    const done = await readDone(client);
    refuseNewer(done, migrations);
    const applied = isCurrent(done, migrations) ? [] : await applyMigrations(url);
    await applyFunctions(client, await readFunctions(), applied.length > 0);
    await client.query('SELECT ensure_change_partitions($1)', [PARTITION_MONTHS]);
    await client.query('SELECT ensure_trace_partitions($1)', [TRACE_WEEKS]);
    return applied;
  } finally {
    await client.end();
  }
}

async function connect(url: string): Promise<pg.Client> {
  const open = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    await client.connect();
    return client;
  };
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '3D000') throw error;
    await onServer(url, `CREATE DATABASE ${quoteIdentifier(databaseName(url))}`);
    return open();
  }
}

/** What our statements take for granted, whatever the server's owner prefers for others: days begin in UTC, a statement sees what was committed before it. */
const sessionSettings: Readonly<Record<string, string>> = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  default_transaction_isolation: 'read committed',
};

/** Makes the server give them to each session of our role in this database, and to this one. */
async function settleSessions(client: pg.Client): Promise<void> {
  for (const [name, value] of Object.entries(sessionSettings)) {
    const { rows } = await client.query<{ value: string; name: string }>(
      'SELECT current_setting($1) AS value, current_database() AS name',
      [name],
    );
    if (rows[0]?.value === value) continue;
    const set = `SET ${name} = ${client.escapeLiteral(value)}`;
    await client.query(`ALTER ROLE CURRENT_USER IN DATABASE ${quoteIdentifier(rows[0]?.name ?? '')} ${set}`);
    await client.query(set);
  }
}

/** Checksums in Prisma's own table by name, 'unfinished' where one was cut off; empty where nothing was ever migrated. */
async function readDone(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  const table = await client.query<{ found: string | null }>(`SELECT to_regclass('_prisma_migrations')::text AS found`);
  if (!table.rows[0]?.found) return new Map();
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished: boolean }>(
    'SELECT migration_name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  return new Map(rows.map((row) => [row.migration_name, row.finished ? row.checksum : 'unfinished']));
}

/** The engine passes over migrations that have no file, and our functions of before would then work on tables of later. */
function refuseNewer(done: ReadonlyMap<string, string>, migrations: Migration[]): void {
  const unknown = [...done.keys()].filter((name) => !migrations.some((migration) => migration.name === name)).sort();
  if (unknown.length > 0)
    throw new Error(
      `it is of a newer version of Postamt, with ${unknown.at(-1)}, which this one does not know. Start that version, or restore the backup from before it.`,
    );
}

/** Whether each migration stands as finished there, with the checksum of its file. */
const isCurrent = (done: ReadonlyMap<string, string>, migrations: Migration[]): boolean =>
  migrations.every(({ name, sql }) => done.get(name) === createHash('sha256').update(sql).digest('hex'));

async function applyMigrations(url: string): Promise<string[]> {
  const { engine, close } = await schemaEngine(url);
  try {
    const input = { migrationsList: await migrationList(), filters: { externalTables: [], externalEnums: [] } };
    return (await engine.applyMigrations(input)).appliedMigrationNames;
  } finally {
    await close();
  }
}
