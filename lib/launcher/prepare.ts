import type { Environment } from '../config/config.ts';
import { ensureCertificates } from './certificates.ts';
import { openDataDirectory } from './data-directory.ts';
import { migrateDatabase, openDatabase } from './database.ts';
import { ensurePrismaClient } from './generate-client.ts';
import { progress } from './progress.ts';
import { loadSecrets, saveSecrets } from './secrets.ts';
import { StartupFailure } from './startup-failure.ts';

/**
 * What has to be there before web and mail server run under another supervisor (containers, systemd): the schema in the database of
 * DATABASE_URL, local certificates in the data directory, the operator. May run again at each upgrade. Throws StartupFailure.
 */
export async function prepareInstallation(environment: Environment): Promise<void> {
  if (!environment.DATABASE_URL) throw new StartupFailure('DATABASE_URL is not set: --prepare is for a Postgres of your own.');
  await ensurePrismaClient();
  const directory = openDataDirectory(environment.POSTAMT_DATA);
  const secrets = loadSecrets(directory.secrets);
  const { url } = await openDatabase(environment, directory, secrets);
  await migrateDatabase(url);
  if (!environment.POSTAMT_TLS_CERT) {
    await ensureCertificates(directory.tls, environment.POSTAMT_HOST);
    progress(`Certificates are in ${directory.tls}`);
  }
  const { openDatabase: openClient } = await import('../db/prisma.ts');
  const { ensureOperator } = await import('./ensure-operator.ts');
  const database = openClient(url, 2);
  try {
    secrets.operator = await ensureOperator(database, environment.POSTAMT_HOST, secrets.operator);
    saveSecrets(directory.secrets, secrets);
  } finally {
    await database.$disconnect();
  }
  progress(
    secrets.operator ? `Operator ${secrets.operator.email}; the password is in ${directory.secrets}` : 'There is an operator already',
  );
}
