import type { Logger } from 'pino';
import type { RulesCache } from './delivery/rules/mailbox-rules.ts';
import type { Authenticator } from './auth/types.ts';
import type { DiskSpace } from './disk-space.ts';
import type { Metrics } from './metrics.ts';
import type { MailServerSettings } from './settings.ts';
import type { Database } from './store/postgres/database.ts';
import type { Directory } from './store/mail-directory.ts';
import type { MailStore } from './store/mail-store.ts';

/** What every protocol server is given; made once in main.ts. */
export interface Services {
  settings: MailServerSettings;
  store: MailStore;
  directory: Directory;
  database: Database;
  authenticator: Authenticator;
  /** what mailboxes do with their letters */
  rules: RulesCache;
  /** of the installation (POSTAMT_SECRET): opens the keys of domains, and signs what must come back to us unchanged */
  secret: string;
  log: Logger;
  metrics: Metrics;
  disk: DiskSpace;
}

/** A started server or worker. `close` stops accepting, lets running commands end within graceMs and resolves when all is down. */
export interface Running {
  close(graceMs: number): Promise<void>;
}
