import type { Logger } from 'pino';
import type { Principal } from '../auth/types.ts';
import type { Services } from '../services.ts';
import type { Place } from '../tls/connection-limits.ts';
import type { MaildropLocks } from '../store/maildrop-locks.ts';
import type { Connection } from '../wire/connection.ts';
import type { Maildrop } from './maildrop.ts';

export type Pop3Services = Services & { maildropLocks: MaildropLocks };

/** What a command sees of its session, and may do to it. Commands import this and never the session, which imports them. */
export interface Pop3Context {
  readonly services: Pop3Services;
  readonly connection: Connection;
  readonly log: Logger;
  readonly place: Place;
  readonly mayLogIn: boolean;
  readonly maildrop: Maildrop | null;
  /** name given with USER, waiting for PASS */
  userName: string | null;
  failedLogins: number;
  enter(principal: Principal, maildrop: Maildrop, unlock: () => Promise<void>): void;
  release(): Promise<void>;
  close(lastWord: string): Promise<void>;
  /** Ends the connection without another word. */
  cut(): void;
}
