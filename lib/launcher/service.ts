import type { Environment } from '../config/config.ts';
import { portsFor } from '../config/config.ts';
import { ensureWebBuild } from './build-web.ts';
import { renewCertificate } from './certificates.ts';
import type { DataDirectory } from './data-directory.ts';
import { migrateDatabase, openDatabase } from './database.ts';
import { ensurePrismaClient } from './generate-client.ts';
import { childEnvironment, type Installation, resolveInstallation } from './installation.ts';
import { mailProcess } from './mail-process.ts';
import { postgresProcess } from './postgres-process.ts';
import { endLeftovers, forgetProcesses, noteProcesses } from './process-file.ts';
import { progress } from './progress.ts';
import { removeRunningFile, type RunningFile, writeRunningFile } from './running-file.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { type Accounts, deliverDemoLetters, prepareAccounts } from './first-data.ts';
import { StartupFailure } from './startup-failure.ts';
import { SupervisedProcess } from './supervised-process.ts';
import { healthUrl, untilHealthy, webProcess } from './web-process.ts';

/** The local certificate is renewed a month before its end. */
const CERTIFICATE_LOOK_MS = 6 * 3_600_000;

/** `stop` was called while `start` was under way. */
export class Interrupted extends Error {}

/**
 * The whole service on one machine: Postgres, mail-server processes and the web under supervision. `start` brings them up one after the
 * other, `stop` takes down whatever is up in the opposite order; both may be called at any time, once.
 */
export class Service {
  readonly #environment: Environment;
  readonly #directory: DataDirectory;
  readonly #dev: boolean;
  #postgres: SupervisedProcess | undefined;
  #web: SupervisedProcess | undefined;
  #mail: SupervisedProcess[] = [];
  #running: RunningFile | undefined;
  #healthUrl = '';
  #announcing = false;
  #certificateLook: NodeJS.Timeout | undefined;
  #stopping = false;
  readonly #stopped = new AbortController();

  constructor(environment: Environment, directory: DataDirectory, dev: boolean) {
    this.#environment = environment;
    this.#directory = directory;
    this.#dev = dev;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  /** Resolves with the content of running.json once everything serves. Throws StartupFailure; then `stop` must still be called. */
  async start(): Promise<RunningFile> {
    removeRunningFile(this.#directory.runningFile);
    const leftovers = await endLeftovers(this.#directory.processFile);
    if (leftovers > 0) progress(`Ended ${leftovers} process${leftovers === 1 ? '' : 'es'} of a launcher that was killed`);
    const secrets = loadSecrets(this.#directory.secrets);
    const installation = await resolveInstallation(this.#environment, this.#directory, secrets);
    const databaseUrl = await this.#startDatabase(secrets);
    await migrateDatabase(databaseUrl);
    await ensurePrismaClient();
    this.#continueUnlessStopping();
    const accounts = await prepareAccounts(installation, databaseUrl, secrets);
    const env = childEnvironment(installation, databaseUrl);
    if (!this.#dev) await ensureWebBuild(env, this.#stopped.signal);
    this.#continueUnlessStopping();
    await this.#startMail(env);
    await this.#startWeb(env, installation);
    this.#running = this.#describe(installation, accounts);
    if (installation.demo) await deliverDemoLetters(installation, databaseUrl, secrets);
    this.#continueUnlessStopping();
    await this.#refresh();
    if (!this.#environment.POSTAMT_TLS_CERT)
      this.#certificateLook = setInterval(() => void this.#renewCertificate(), CERTIFICATE_LOOK_MS).unref();
    return this.#running;
  }

  /** The mail servers read their certificate anew; new connections get it. One that is not ready reads it anyway, and would end by the signal. */
  reloadCertificate(): void {
    const serving = this.#mail.filter((supervised) => supervised.isReady);
    progress(
      `SIGHUP: ${serving.length === 1 ? 'the mail-server process reads' : `${serving.length} mail-server processes read`} the certificate anew`,
    );
    for (const { pid } of serving) if (pid) process.kill(pid, 'SIGHUP');
  }

  async #renewCertificate(): Promise<void> {
    try {
      if (await renewCertificate(this.#directory.tls, this.#environment.POSTAMT_HOST)) progress('Local certificate renewed');
    } catch (error) {
      progress(`The local certificate cannot be renewed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#certificateLook);
    this.#stopped.abort();
    removeRunningFile(this.#directory.runningFile);
    await Promise.all([this.#web, ...this.#mail].map((supervised) => supervised?.stop()));
    forgetProcesses(this.#directory.processFile);
    await this.#postgres?.stop();
  }

  async #startDatabase(secrets: Secrets): Promise<string> {
    const database = await openDatabase(this.#environment, this.#directory, secrets);
    if (database.embedded) {
      this.#postgres = this.#supervised(postgresProcess(database.embedded.prepared, database.embedded.running));
      await this.#postgres.start();
    }
    this.#continueUnlessStopping();
    return database.url;
  }

  async #startMail(env: NodeJS.ProcessEnv): Promise<void> {
    const count = this.#environment.POSTAMT_MAIL_PROCESSES;
    this.#mail = Array.from({ length: count }, (_, index) => this.#supervised(mailProcess(index, env, this.#directory, this.#dev)));
    // one after the other: the first one says in one sentence what is wrong
    for (const supervised of this.#mail) await this.#startFirst(supervised);
    const { imaps, submissions, smtp } = portsFor(Number(env['POSTAMT_PORT_OFFSET']));
    progress(`Mail server serves IMAP ${imaps}, submission ${submissions}, SMTP ${smtp} …`);
  }

  async #startWeb(env: NodeJS.ProcessEnv, installation: Installation): Promise<void> {
    this.#healthUrl = healthUrl(installation.webPort, installation.listen);
    const place = { port: installation.webPort, address: installation.listen, dev: this.#dev };
    this.#web = this.#supervised(webProcess(env, this.#directory, place));
    await this.#startFirst(this.#web);
    progress(`Web serves ${installation.webUrl}`);
  }

  async #startFirst(supervised: SupervisedProcess): Promise<void> {
    this.#continueUnlessStopping();
    try {
      await supervised.start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StartupFailure(`The ${supervised.kind.name} process did not start: ${reason} (log in ${this.#directory.logs}).`);
    }
  }

  #supervised(kind: ConstructorParameters<typeof SupervisedProcess>[0]): SupervisedProcess {
    return new SupervisedProcess(kind, (_state, text) => {
      progress(`${kind.name}: ${text}`);
      void this.#refresh();
    });
  }

  /** running.json is there exactly while all serve. */
  async #refresh(): Promise<void> {
    noteProcesses(
      this.#directory.processFile,
      [this.#web, ...this.#mail].flatMap((supervised) => supervised?.pid ?? []),
    );
    if (!this.#allReady()) removeRunningFile(this.#directory.runningFile);
    else if (!this.#announcing) await this.#announce();
  }

  #allReady(): boolean {
    const all = [this.#postgres, this.#web, ...this.#mail].filter((supervised) => supervised !== undefined);
    return this.#running !== undefined && !this.#stopping && all.every((supervised) => supervised.isReady);
  }

  /** After Postgres was away the others need a moment to find it again. */
  async #announce(): Promise<void> {
    this.#announcing = true;
    try {
      await untilHealthy(this.#healthUrl, this.#stopped.signal);
    } catch (error) {
      if (!this.#stopping) progress(`web: ${error instanceof Error ? error.message : String(error)}`);
      return;
    } finally {
      this.#announcing = false;
    }
    if (!this.#running || !this.#allReady()) return;
    this.#running.pids = {
      launcher: process.pid,
      postgres: this.#postgres?.pid ?? null,
      web: this.#web?.pid ? [this.#web.pid] : [],
      mail: this.#mail.flatMap((supervised) => supervised.pid ?? []),
    };
    writeRunningFile(this.#directory.runningFile, this.#running);
  }

  #describe(installation: Installation, accounts: Accounts): RunningFile {
    return {
      web: installation.webUrl,
      ca: installation.certificates.ca,
      host: this.#environment.POSTAMT_HOST,
      ports: portsFor(installation.offset),
      pids: { launcher: process.pid, postgres: null, web: [], mail: [] },
      ...accounts,
    };
  }

  #continueUnlessStopping(): void {
    if (this.#stopping) throw new Interrupted();
  }
}
