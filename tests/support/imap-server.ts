import { RulesCache } from '#mail-server/delivery/rules/mailbox-rules.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { hashPassword } from '#lib/auth/password-hash.ts';
import { parseEnvironment } from '#lib/config/config.ts';
import { ensureCertificates } from '#lib/launcher/certificates.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { createAuthenticator } from '#mail-server/auth/authenticator.ts';
import { unwatchedDisk } from '#mail-server/disk-space.ts';
import { startImap } from '#mail-server/imap/imap-server.ts';
import { createMetrics, type Metrics } from '#mail-server/metrics.ts';
import { settingsFrom } from '#mail-server/read-configuration.ts';
import { withContexts } from '#mail-server/tls/server-certificate.ts';
import type { MailServerSettings } from '#mail-server/settings.ts';
import { openDirectory } from '#mail-server/store/directory.ts';
import { createAccount } from './accounts.ts';
import { sql } from './passwords.ts';
import { createTestDatabase } from './postgres.ts';
import { quickToGuess } from './services.ts';
import { openTestProcess, type TestProcess } from './store.ts';
import { TestImap } from './imap-client.ts';

export const password = 'ein langes Kennwort';
const secret = 'a secret of the tests that is long enough';

/** One mail-server process with IMAP alone, on a database that may be shared with others. */
export interface ImapTestServer {
  ports: { imap: number; imaps: number };
  process: TestProcess;
  metrics: Metrics;
  secret: string;
  databaseUrl: string;
  connect(service?: 'imap' | 'imaps'): Promise<TestImap>;
  /** Connects and logs in. */
  login(address: string): Promise<TestImap>;
  addMailbox(address: string, quotaBytes?: number): Promise<AccountId>;
  /** Another process on the same database. */
  another(): Promise<ImapTestServer>;
  close(): Promise<void>;
}

export async function startImapTestServer(
  settings: Partial<MailServerSettings> = {},
  mostFolders?: number,
  logger?: Logger,
): Promise<ImapTestServer> {
  const database = await createTestDatabase();
  const directory = mkdtempSync(join(tmpdir(), 'postamt-imap-'));
  const files = await ensureCertificates(directory, 'localhost');
  const [cert, key] = [readFileSync(files.cert, 'utf8'), readFileSync(files.key, 'utf8')];
  rmSync(directory, { recursive: true });
  const passwordHash = await hashPassword(password);
  const all: MailServerSettings = {
    ...settingsFrom(parseEnvironment({ POSTAMT_ENV: 'test' }), withContexts({ cert, key })),
    ports: { lmtp: 0, smtp: 0, pop3: 0, imap: 0, submissions: 0, submission: 0, imaps: 0, pop3s: 0, sieve: 0 },
    messageBytes: 5_000_000,
    connectionsPerAddress: 1000,
    connectionsPerMailbox: 100,
    ...settings,
  };
  const start = async (): Promise<ImapTestServer> => {
    const process = openTestProcess(database.url, mostFolders);
    const log = logger ?? pino({ level: 'silent' });
    const metrics = createMetrics();
    const mailDirectory = openDirectory(process.database);
    const authenticator = createAuthenticator({
      directory: mailDirectory,
      database: process.database,
      secret,
      throttle: { failures: 5, waitS: 900 },
      guessDelay: quickToGuess,
      watchEveryMs: 100,
      log,
    });
    const services = {
      settings: all,
      store: process.store,
      directory: mailDirectory,
      database: process.database,
      authenticator,
      rules: new RulesCache({ database: process.database, settings: all }),
      secret,
      log,
      metrics,
      disk: unwatchedDisk,
    };
    const running = await startImap(services);
    const connect = (service: 'imap' | 'imaps' = 'imaps') => TestImap.connect(running.ports[service], service === 'imaps');
    return {
      ports: running.ports,
      process,
      metrics,
      secret,
      databaseUrl: database.url,
      connect,
      async login(address) {
        const client = await connect();
        await client.ok(`LOGIN "${address}" "${password}"`);
        return client;
      },
      async addMailbox(address, quotaBytes) {
        const account = await createAccount(database.url, address, quotaBytes);
        await sql(database.url, 'update mailbox set password_hash = $1 where id = $2', [passwordHash, account]);
        return account;
      },
      another: start,
      async close() {
        await running.close(200);
        await process.close();
      },
    };
  };
  const server = await start();
  return {
    ...server,
    async close() {
      await server.close();
      await database.drop();
    },
  };
}
