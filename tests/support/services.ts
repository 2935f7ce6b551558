import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { parseEnvironment } from '#lib/config/config.ts';
import { ensureCertificates, type Certificates } from '#lib/launcher/certificates.ts';
import { type GuessDelayOptions, usualGuessDelay } from '#mail-server/auth/guess-delay.ts';
import { createAuthenticator } from '#mail-server/auth/authenticator.ts';
import { answerQuestion } from '#mail-server/events/operator-questions.ts';
import { openPostgresBus } from '#mail-server/events/postgres-bus.ts';
import { RulesCache } from '#mail-server/delivery/rules/mailbox-rules.ts';
import { unwatchedDisk } from '#mail-server/disk-space.ts';
import { createMetrics } from '#mail-server/metrics.ts';
import { settingsFrom } from '#mail-server/read-configuration.ts';
import type { Services } from '#mail-server/services.ts';
import type { MailServerSettings } from '#mail-server/settings.ts';
import { readModseqs } from '#mail-server/store/counter-poll.ts';
import { openDatabase } from '#mail-server/store/postgres/database.ts';
import { openDirectory } from '#mail-server/store/directory.ts';
import { type MaildropLocks, openMaildropLocks } from '#mail-server/store/maildrop-locks.ts';
import { openPostgresStore } from '#mail-server/store/postgres-store.ts';
import { openServerCertificate } from '#mail-server/tls/server-certificate.ts';

export const testSecret = 'a secret of the tests, long enough for everybody';

/** Tests of other things need not wait for wrong answers. */
export const quickToGuess: GuessDelayOptions = { ...usualGuessDelay, stepMs: 1, mostMs: 5 };

let serial = 0;

export interface TestServices {
  services: Services & { maildropLocks: MaildropLocks };
  certificates: Certificates;
  close(): Promise<void>;
}

/** Everything that a mail-server process gives its protocol servers, on ports that the system chooses. Two of them are two processes. */
export async function openTestServices(
  url: string,
  settings: Partial<MailServerSettings> = {},
  environment: Readonly<Record<string, string>> = {},
  guessDelay: Partial<GuessDelayOptions> = {},
): Promise<TestServices> {
  const directory = await mkdtemp(join(tmpdir(), 'postamt-test-'));
  const certificates = await ensureCertificates(directory, 'localhost');
  const parsed = parseEnvironment({ POSTAMT_ENV: 'test', ...environment });
  const log = pino({ level: 'silent' });
  const tls = openServerCertificate([certificates], log);
  const ports = { lmtp: 0, smtp: 0, pop3: 0, imap: 0, submissions: 0, submission: 0, imaps: 0, pop3s: 0, sieve: 0 };
  const database = openDatabase({ connectionString: url });
  const bus = openPostgresBus({ connectionString: url, log, readModseqs: (accounts) => readModseqs(database, accounts) });
  const { store, close } = openPostgresStore({ database, bus, mostFolders: parsed.POSTAMT_FOLDERS });
  const provisioned = openDirectory(database);
  const maildropLocks = openMaildropLocks(url);
  const throttle = { failures: parsed.POSTAMT_LOGIN_FAILURES, waitS: parsed.POSTAMT_LOGIN_WAIT_S };
  // tests change what the DNS says
  const used = { ...settingsFrom(parsed, tls), ports, dnsCacheMs: 0, ...settings };
  const authenticator = createAuthenticator({
    directory: provisioned,
    database,
    secret: testSecret,
    throttle,
    guessDelay: { ...quickToGuess, ...guessDelay },
    watchEveryMs: 100,
    log,
  });
  bus.onQuestion((asked) => answerQuestion(asked, authenticator, `test/${serial++}`));
  return {
    certificates,
    services: {
      settings: used,
      rules: new RulesCache({ database, settings: used }),
      secret: testSecret,
      store,
      directory: provisioned,
      database,
      authenticator,
      log,
      metrics: createMetrics(),
      disk: unwatchedDisk,
      maildropLocks,
    },
    async close() {
      await maildropLocks.close();
      await close();
      await bus.close();
      await database.close();
      tls.close();
      await rm(directory, { recursive: true });
    },
  };
}
