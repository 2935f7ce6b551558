import type { Completion } from '../completion.ts';
import type { Cursor } from '../parser/cursor.ts';
import type { ImapSession, State } from '../context.ts';

export interface Command {
  states: readonly State[];
  /**
   * What others changed is told before the tagged answer: everything, everything but EXPUNGE (the client counts messages while such a
   * command runs), or nothing.
   */
  updates: 'all' | 'without-expunge' | 'none';
  /** UnknownFolder is answered with TRYCREATE. */
  tryCreate?: boolean;
  /** May be called as UID command. */
  uid?: boolean;
  /**
   * Parses all arguments before the first await, then does the work. Null: the answer comes later (AUTHENTICATE, IDLE).
   * Throws ParseError (BAD) and StoreError.
   */
  run(session: ImapSession, args: Cursor, byUid: boolean, tag: string): Promise<Completion | null> | Completion | null;
}

export const anyState: readonly State[] = ['not-authenticated', 'authenticated', 'selected'];
export const loggedIn: readonly State[] = ['authenticated', 'selected'];
export const selected: readonly State[] = ['selected'];
