import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';

export interface Migration {
  /** folder name: "20261122000000_tables" */
  name: string;
  sql: string;
}

const migrationsDirectory = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

/** The migrations of prisma/migrations in the order in which they are applied. */
export async function readMigrations(): Promise<Migration[]> {
  const entries = await readdir(migrationsDirectory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => ({ name, sql: await readFile(join(migrationsDirectory, name, 'migration.sql'), 'utf8') })),
  );
}

/** The same as the schema engine wants it. */
export async function migrationList(): Promise<MigrationList> {
  const migrations = await readMigrations();
  return {
    baseDir: migrationsDirectory,
    lockfile: { path: 'migration_lock.toml', content: await readFile(join(migrationsDirectory, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}
