import pg from 'pg';
import { ConfigurationError } from '../../../lib/config/config.ts';
import { isPooled, poolerSentence } from '../../../lib/db/pooler.ts';
import { translate } from './database-errors.ts';

const connectTimeoutMs = 5_000;

/** At the start, so that a database that is away or cannot be used is said in one sentence, and not at the first login. */
export async function checkDatabase(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: connectTimeoutMs, application_name: 'postamt-mail' });
  client.on('error', () => {});
  let pooled: boolean;
  try {
    await client.connect();
    pooled = await isPooled(client);
  } catch (error) {
    throw translate(error);
  } finally {
    await client.end().catch(() => {});
  }
  if (pooled) throw new ConfigurationError(poolerSentence(connectionString));
}
