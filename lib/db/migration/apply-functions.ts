import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** One SQL function with the triggers that call it; the file is named after it. */
export interface FunctionFile {
  name: string;
  sql: string;
  checksum: string;
}

const functionsDirectory = fileURLToPath(new URL('../../../prisma/functions', import.meta.url));

/** What stands in prisma/functions, by name. */
export async function readFunctions(): Promise<FunctionFile[]> {
  const files = (await readdir(functionsDirectory)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(join(functionsDirectory, file), 'utf8');
      return { name: file.slice(0, -4), sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Makes the functions of the database those of `files`, in one transaction: what changed is applied, what has no file any more is dropped,
 * if it came from one. `again`: all of them, since migrations may have touched them. Returns the names of those that were applied.
 */
export async function applyFunctions(client: pg.Client, files: readonly FunctionFile[], again = false): Promise<string[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>('SELECT name, checksum FROM database_function');
  const inForce = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  const changed = files.filter(({ name, checksum }) => again || inForce.get(name) !== checksum);
  const gone = rows.filter(({ name }) => !files.some((file) => file.name === name));
  if (changed.length === 0 && gone.length === 0) return [];
  await client.query('BEGIN');
  try {
    // one may call another that comes later in the alphabet
    await client.query('SET LOCAL check_function_bodies = off');
    for (const { name } of gone) {
      await dropAll(client, await signatures(client, name));
      await client.query('DELETE FROM database_function WHERE name = $1', [name]);
    }
    for (const file of changed) await applyFile(client, file);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
  return changed.map(({ name }) => name);
}

async function applyFile(client: pg.Client, { name, sql, checksum }: FunctionFile): Promise<void> {
  const before = await signatures(client, name);
  await client.query('SAVEPOINT apply_function');
  try {
    await client.query(sql);
  } catch (error) {
    if (!isOtherResult(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT apply_function');
    await dropAll(client, before);
    await client.query(sql);
  }
  const after = await signatures(client, name);
  // parameters of other types make another function beside the old one; callers must not find both
  const made = Array.from(after.keys()).filter((oid) => !before.has(oid));
  if (made.length > 0) for (const oid of before.keys()) if (after.has(oid)) await dropAll(client, new Map([[oid, after.get(oid) ?? '']]));
  if ((await signatures(client, name)).size !== 1)
    throw new Error(`prisma/functions/${name}.sql does not make exactly one function ${name}`);
  await client.query(
    'INSERT INTO database_function (name, checksum) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum',
    [name, checksum],
  );
}

/** "create or replace" refuses other results and other names of parameters (42P13). */
const isOtherResult = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '42P13';

/** The functions of a name in our schema: oid → name with the types of its parameters. */
async function signatures(client: pg.Client, name: string): Promise<Map<number, string>> {
  const { rows } = await client.query<{ oid: number; signature: string }>(
    `SELECT oid::int AS oid, oid::regprocedure::text AS signature FROM pg_proc WHERE proname = $1 AND pronamespace = current_schema()::regnamespace`,
    [name],
  );
  return new Map(rows.map(({ oid, signature }) => [oid, signature]));
}

async function dropAll(client: pg.Client, which: ReadonlyMap<number, string>): Promise<void> {
  for (const signature of which.values()) await client.query(`DROP FUNCTION ${signature} CASCADE`);
}
