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
  enter(principal: Principal): void;
  leave(): void;
  close(lastWord: string): Promise<void>;
  /** Ends the connection without another word. */
  cut(): void;
}
