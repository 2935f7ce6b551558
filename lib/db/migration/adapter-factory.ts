import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQueryable,
} from '@prisma/driver-adapter-utils';
import { quoteIdentifier, withDatabase } from '../database-url.ts';

const CHAR = 18;
const TEXT = 25;

/**
 * The adapter refuses the catalogue's one-byte "char" columns (oid 18), which the schema engine reads everywhere. They pass it as text
 * and are named Character afterwards. There is one connection and one statement at a time, so what was seen last belongs to the answer.
 */
class CatalogueClient extends pg.Client {
  characterColumns: number[] = [];

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.connection.prependListener('rowDescription', ({ fields }: { fields: { dataTypeID: number }[] }) => {
      this.characterColumns = fields.flatMap((field, index) => (field.dataTypeID === CHAR ? [index] : []));
      for (const index of this.characterColumns) Object.assign(fields[index] ?? {}, { dataTypeID: TEXT });
    });
  }
}

async function open(url: string): Promise<SqlDriverAdapter> {
  const schema = new URL(url).searchParams.get('schema') ?? 'public';
  let client: CatalogueClient | undefined;
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    options: `-c search_path=${quoteIdentifier(schema)}`,
    connectionTimeoutMillis: 10_000,
    Client: CatalogueClient,
  });
  pool.on('connect', (connected) => {
    client = connected as unknown as CatalogueClient;
  });
  const nameCharacters = (queryable: SqlQueryable): void => {
    const queryRaw = queryable.queryRaw.bind(queryable);
    queryable.queryRaw = async (query) => {
      const result = await queryRaw(query);
      for (const index of client?.characterColumns ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
      return result;
    };
  };
  const adapter = await new PrismaPg(pool, { schema, disposeExternalPool: true }).connect();
  nameCharacters(adapter);
  const startTransaction = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (isolationLevel) => {
    const transaction = await startTransaction(isolationLevel);
    nameCharacters(transaction);
    return transaction;
  };
  // The adapter's own executeScript cuts at every ";", also inside $$ bodies. A statement without parameters goes as a simple query,
  // which takes a whole script.
  adapter.executeScript = async (script) => {
    await adapter.executeRaw({ sql: script, args: [], argTypes: [] });
  };
  return adapter;
}

/** Runs one statement on the server's maintenance database. */
export async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(url, 'postgres'), connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * Connections of the schema engine to the database at `url` and to shadow databases beside it, which go when the engine is done with
 * them. The engine never closes its main connection: `close` does.
 */
export function migrationAdapterFactory(
  url: string,
  shadowUrl?: string,
): { factory: SqlMigrationAwareDriverAdapterFactory; close: () => Promise<void> } {
  const opened: SqlDriverAdapter[] = [];
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: async () => {
      const adapter = await open(url);
      opened.push(adapter);
      return adapter;
    },
    connectToShadowDb: async () => {
      if (shadowUrl) return open(shadowUrl);
      const name = `prisma_migrate_shadow_db_${randomUUID()}`;
      await onServer(url, `CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`);
      const shadow = await open(withDatabase(url, name));
      const close = shadow.dispose.bind(shadow);
      shadow.dispose = async () => {
        await close();
        await onServer(url, `DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
      };
      return shadow;
    },
  };
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((adapter) => adapter.dispose()));
  };
  return { factory, close };
}
