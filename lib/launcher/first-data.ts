import type { Database } from '../db/prisma.ts';
import type { Installation } from './installation.ts';
import { progress } from './progress.ts';
import type { RunningFile } from './running-file.ts';
import { type Secrets, saveSecrets } from './secrets.ts';

export type Accounts = Pick<RunningFile, 'operator' | 'demo'>;

// Everything that needs the generated database client is imported when it has been generated.

/** The operator, and outside production the demo customer with its mailboxes; made once, their passwords kept with the secrets. */
export async function prepareAccounts(installation: Installation, databaseUrl: string, secrets: Secrets): Promise<Accounts> {
  return withDatabase(databaseUrl, async (database) => {
    const { ensureOperator } = await import('./ensure-operator.ts');
    secrets.operator = await ensureOperator(database, installation.environment.POSTAMT_HOST, secrets.operator);
    if (installation.demo) {
      const { ensureDemoCustomer } = await import('../../prisma/seed/demo-customer.ts');
      secrets.demo = await ensureDemoCustomer(database, installation.secret, installation.environment.POSTAMT_QUOTA_BYTES, secrets.demo);
    }
    saveSecrets(installation.directory.secrets, secrets);
    return { operator: secrets.operator, demo: installation.demo ? secrets.demo : [] };
  });
}

async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const { openDatabase } = await import('../db/prisma.ts');
  const database = openDatabase(url, 2);
  try {
    return await work(database);
  } finally {
    await database.$disconnect();
  }
}

/** Delivers the letters of the demo through the running servers, unless all are there. What fails now is tried at the next start. */
export async function deliverDemoLetters(installation: Installation, databaseUrl: string, secrets: Secrets): Promise<void> {
  if (secrets.demoComplete) return;
  progress('Delivering the letters of the demo …');
  try {
    const { deliverLetters } = await import('../../prisma/seed.ts');
    const count = await deliverLetters({
      host: installation.listen ?? '127.0.0.1',
      serverName: installation.environment.POSTAMT_TLS_CERT ? installation.environment.POSTAMT_HOST : 'localhost',
      offset: installation.offset,
      authority: installation.certificates.ca,
      mailboxes: secrets.demo,
    });
    await withDatabase(databaseUrl, async (database) => {
      const { dateLetters } = await import('../../prisma/seed/date-letters.ts');
      const addresses = secrets.demo.map(({ address }) => address);
      await dateLetters(database, addresses);
    });
    secrets.demoComplete = true;
    saveSecrets(installation.directory.secrets, secrets);
    progress(`${count} letters delivered`);
  } catch (error) {
    progress(
      `The letters of the demo are not complete (${error instanceof Error ? error.message : String(error)}); the next start goes on`,
    );
  }
}
