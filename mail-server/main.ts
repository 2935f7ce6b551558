// One mail-server process. It owns no state: killed at any moment it loses nothing that was acknowledged, and any number of them
// may run on one database. The launcher starts it, hears "ready" or "failed" over IPC, and starts it again when it ends.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { createLog } from '../lib/config/create-log.ts';
import { databaseFiles } from '../lib/config/free-space.ts';
import { RulesCache } from './delivery/rules/mailbox-rules.ts';
import { createAuthenticator } from './auth/authenticator.ts';
import { answerQuestion } from './events/operator-questions.ts';
import { openPostgresBus } from './events/postgres-bus.ts';
import { tellLauncher } from './launcher-messages.ts';
import { watchDiskSpace } from './disk-space.ts';
import { createMetrics } from './metrics.ts';
import { affordableConnections } from './open-files.ts';
import { startOperationsServer } from './operations-server.ts';
import { type MailServerConfiguration, readConfiguration, settingsFrom } from './read-configuration.ts';
import { describeStartFailure } from './start-failure.ts';
import { startServers } from './start-servers.ts';
import { checkSecret } from './store/check-secret.ts';
import { readModseqs } from './store/counter-poll.ts';
import { checkDatabase } from './store/postgres/check-database.ts';
import { openDatabase } from './store/postgres/database.ts';
import { openDirectory } from './store/directory.ts';
import { openMaildropLocks } from './store/maildrop-locks.ts';
import { openPostgresStore } from './store/postgres-store.ts';
import { openServerCertificate } from './tls/server-certificate.ts';

const graceMs = 2_500;
const lastMomentMs = 3_000;

interface MailServer {
  metricsPort: number;
  reloadCertificate(): void;
  close(): Promise<void>;
}

async function startMailServer(configuration: MailServerConfiguration, log: Logger): Promise<MailServer> {
  const { environment, databaseUrl: connectionString, secret } = configuration;
  const certificate = openServerCertificate(configuration.certificates, log, {
    host: environment.POSTAMT_HOST,
    authority: environment.POSTAMT_TLS_CA,
  });
  const connections = await affordableConnections(environment.POSTAMT_CONNECTIONS, log);
  const settings = { ...settingsFrom(environment, certificate), connections };
  const metrics = createMetrics();
  metrics.watchCertificate(() => certificate.validTo.getTime() / 1000);
  await checkDatabase(connectionString);
  const database = openDatabase({ connectionString });
  const bus = openPostgresBus({ connectionString, log, readModseqs: (accounts) => readModseqs(database, accounts) });
  const opened = openPostgresStore({
    database,
    bus,
    mostFolders: environment.POSTAMT_FOLDERS,
    pictureBytes: environment.POSTAMT_PICTURE_BYTES,
  });
  const directory = openDirectory(database);
  const maildropLocks = openMaildropLocks(connectionString);
  const throttle = { failures: environment.POSTAMT_LOGIN_FAILURES, waitS: environment.POSTAMT_LOGIN_WAIT_S };
  const authenticator = createAuthenticator({
    directory,
    database,
    secret,
    throttle,
    namesScram: environment.POSTAMT_SCRAM === 'on',
    log,
  });
  bus.onQuestion((asked) => answerQuestion(asked, authenticator, `${hostname()}/${process.pid}`));
  const disk = await watchDiskSpace({
    directory: databaseFiles(environment.POSTAMT_DATA),
    floor: environment.POSTAMT_MIN_FREE_BYTES,
    log,
    metrics,
  });
  const closeStore = async (): Promise<void> => {
    disk.close();
    await maildropLocks.close();
    await opened.close();
    await bus.close();
    await database.close();
    certificate.close();
  };
  try {
    await checkSecret(database, secret);
    const servers = await startServers({
      settings,
      store: opened.store,
      directory,
      database,
      authenticator,
      rules: new RulesCache({ database, settings }),
      log,
      metrics,
      disk,
      maildropLocks,
      secret,
    });
    const operations = await startOperationsServer(environment.POSTAMT_METRICS_PORT, { database, metrics, log });
    return {
      metricsPort: operations.port,
      reloadCertificate: certificate.reload,
      async close() {
        await servers.close(graceMs);
        operations.close();
        await closeStore();
      },
    };
  } catch (error) {
    await closeStore();
    throw error;
  }
}

/** A rejection that nobody waited for belongs to one session: it is logged and the others go on. After an exception nothing is sure. */
function guardProcess(log: Logger): void {
  process.on('unhandledRejection', (error) => log.error({ err: error, id: randomUUID() }, 'unhandled rejection'));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error, id: randomUUID() }, 'uncaught exception, the process ends');
    process.exit(1);
  });
}

function endOnSignals(server: MailServer, log: Logger): void {
  let ending = false;
  const end = (why: string): void => {
    if (ending) return;
    ending = true;
    log.info({ why }, 'ending');
    // what is acknowledged is committed, so the last moment costs a client a reconnect and nothing else
    setTimeout(() => process.exit(0), lastMomentMs).unref();
    server
      .close()
      .catch((error: unknown) => log.error({ err: error }, 'not everything closed'))
      .finally(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', () => end('launcher is gone'));
  process.on('SIGHUP', () => server.reloadCertificate());
}

async function main(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const log = createLog('mail-server', configuration.environment.POSTAMT_LOG_LEVEL);
  guardProcess(log);
  const server = await startMailServer(configuration, log);
  endOnSignals(server, log);
  log.info({ metricsPort: server.metricsPort }, 'ready');
  await tellLauncher({ type: 'ready', metricsPort: server.metricsPort });
}

main().catch(async (error: unknown) => {
  await tellLauncher({ type: 'failed', message: describeStartFailure(error) });
  process.exit(1);
});
