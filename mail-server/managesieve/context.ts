import type { Principal } from '../auth/types.ts';
import type { Services } from '../services.ts';
import type { Connection } from '../wire/connection.ts';

/** What a command sees of its session, and may do to it. Commands import this and never the session, which imports them. */
export interface ManageSieveContext {
  readonly services: Services;
  readonly connection: Connection;
  readonly principal: Principal | null;
  readonly mayLogIn: boolean;
  failedLogins: number;
  /** False when the mailbox has too many connections. */
  enter(principal: Principal): boolean;
  leave(): void;
  close(lastWord: string): Promise<void>;
  /** Ends the connection without another word. */
  cut(): void;
}
