import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { quoteIdentifier, withDatabase } from '#lib/db/database-url.ts';
import { migrate } from '#lib/db/migrate.ts';
import { readFunctions } from '#lib/db/migration/apply-functions.ts';
import { readMigrations } from '#lib/db/migration/read-migrations.ts';

/** A migrated database of one test file's own. `await using database = await createTestDatabase()` or call `drop` in afterAll. */
export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** "post" and "test" in ASCII: held while the template is made. */
const TEMPLATE_LOCK = '8101814555963061108';

/** The server that tests run against: set by `npm test` and by tests/support/start-postgres.ts, or by hand. */
function testServer(): string {
  const url = process.env['POSTAMT_TEST_DATABASE'];
  if (!url) throw new Error('POSTAMT_TEST_DATABASE is not set: run the tests with tests/vitest.config.ts, or name a Postgres to test on.');
  return withDatabase(url, 'postgres');
}

async function withServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: testServer(), connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The migrated, empty database that all others are copied from; its name carries the checksum of migrations and functions. */
async function template(client: pg.Client): Promise<string> {
  const hash = createHash('sha256');
  for (const { name, sql } of await readMigrations()) hash.update(name).update(sql);
  for (const { name, checksum } of await readFunctions()) hash.update(name).update(checksum);
  const name = `postamt_template_${hash.digest('hex').slice(0, 16)}`;
  const exists = async (): Promise<boolean> => (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])).rowCount === 1;
  if (await exists()) return name;
  await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    if (await exists()) return name;
    // made under another name first: a run that is cut off leaves no half template behind
    const making = `${name}_making`;
    await client.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(making)} WITH (FORCE)`);
    await migrate(withDatabase(testServer(), making));
    await client.query(`ALTER DATABASE ${quoteIdentifier(making)} RENAME TO ${quoteIdentifier(name)}`);
    return name;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

/** Makes a fresh migrated database in some 50 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  // its files as they are: page by page through the log takes the server three times the work
  await withServer(async (client) =>
    client.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE ${quoteIdentifier(await template(client))} STRATEGY FILE_COPY`),
  );
  const drop = async (): Promise<void> => {
    await withServer((client) => client.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`));
  };
  return { url: withDatabase(testServer(), name), drop, [Symbol.asyncDispose]: drop };
}
