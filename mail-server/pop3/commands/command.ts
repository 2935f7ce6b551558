import type { Pop3Context } from '../context.ts';

export interface Command {
  /** RFC 1939 section 3; in another state the command is refused */
  states: readonly ('authorization' | 'transaction')[];
  /** Writes exactly one reply. */
  run(session: Pop3Context, argument: string): Promise<void>;
}
