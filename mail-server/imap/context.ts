import type { Channel } from '../auth/sasl/channel-binding.ts';
import type { Principal } from '../auth/types.ts';
import type { Services } from '../services.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { MailStore } from '../store/mail-store.ts';
import type { Completion } from './completion.ts';
import type { View } from './select/view.ts';
import type { ResponseWriter } from './serializer/response-writer.ts';

// What commands and their parts see of a session. They import this and never the session, which imports them.

export type State = 'not-authenticated' | 'authenticated' | 'selected' | 'logout';

/** For what only reads and computes: SEARCH, SORT, THREAD, FETCH. */
export interface Reader {
  readonly store: MailStore;
  readonly account: AccountId;
  /** aborted when the client is gone */
  readonly signal: AbortSignal;
  /**
   * Asked between pieces of work: null while the turn lasts, else to be awaited until it is this mailbox's turn again. Throws ConnectionLost
   * when the client is gone.
   */
  pace(): Promise<void> | null;
}

/** For what writes answers about the selected folder. */
export interface Teller extends Reader {
  readonly writer: ResponseWriter;
  readonly isRev2: boolean;
  readonly condstore: boolean;
}

/** AUTHENTICATE and IDLE take lines of their own until they answer. */
export interface Continuation {
  tag: string;
  idle: boolean;
  line(session: ImapSession, line: string): Promise<Completion | null> | Completion | null;
}

/** What signing in needs. */
export interface Entrance {
  readonly services: Services;
  readonly remoteAddress: string;
  readonly secure: boolean;
  readonly mayLogIn: boolean;
  readonly channel: Channel | null;
  readonly principal: Principal | null;
}

/** What a command may do to its session. */
export interface ImapSession extends Teller, Entrance {
  readonly state: State;
  readonly view: View | null;
  readonly selectedView: View;
  continuation: Continuation | null;
  failedLogins: number;
  /** False when the mailbox has too many connections. */
  authenticated(principal: Principal): boolean;
  enableRev2(): void;
  enableCondstore(): void;
  enterFolder(view: View): void;
  leaveFolder(): void;
  startTls(): Promise<void>;
  /** From here on the client hears of what happens without asking. */
  beginIdle(continuation: Continuation): void;
  endConnection(): void;
  /** Ends the connection with a reason. */
  bye(text: string, code?: string): void;
}
