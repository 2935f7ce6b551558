import { withoutTerminalCodes } from '../../lib/mime/terminal-text.ts';
import { tookTooLong } from '../store/postgres/database-errors.ts';
import { StoreError } from '../store/store-error.ts';
import type { AttemptResult } from '../store/queue/queue-store.ts';
import type { Confirmation } from './report/success-report.ts';
import { DialogueFailure } from './smtp-dialogue.ts';

/** What came of one attempt for one recipient. */
export type Outcome =
  /**
   * `refused`: by the rules of the mailbox, which answered the sender. `confirms`: nothing is reported to the sender, the next host took over
   * the duty to do so (it knows DSN) or there is nothing to report. `confirmedAs`: where that is not what its way is called
   */
  | {
      kind: 'delivered';
      way: 'stored' | 'relayed' | 'refused';
      confirms: boolean;
      confirmedAs?: Confirmation;
      result: AttemptResult;
    }
  /** `soon`: nobody asked another host or a mailbox, so it is no attempt, and is made up for as soon as that may be possible */
  | { kind: 'deferred'; soon?: true; result: AttemptResult }
  | { kind: 'failed'; result: AttemptResult };

/** the host that was spoken with */
export interface Remote {
  name: string;
  address: string;
  /** how the session with it is encrypted, "none": not at all */
  tls?: string;
}

const longestReply = 2000;
/** "CSI" and its like, which some terminals take for "ESC [" */
const upperControls = /[\u0080-\u009f]/g;

/** What another host, or we in its place, said, as text: it is read in letters, pages and terminals. */
export const said = (status: string, reply: string, remote: Remote | null = null): AttemptResult => ({
  status,
  reply: withoutTerminalCodes(reply.replace(upperControls, '')).slice(0, longestReply),
  remote: remote?.name ?? null,
  ...(remote && { address: remote.address, ...(remote.tls !== undefined && { tls: remote.tls }) }),
});

export const deferred = (status: string, reply: string, remote: Remote | null = null): Outcome => ({
  kind: 'deferred',
  result: said(status, reply, remote),
});

/**
 * Something of the house did not do its part. Where its database was only away, that says nothing of the letter or of who gets it; anything else
 * may be the letter's own doing.
 */
export function ofOurs(error: unknown, words: string): Outcome {
  const result = said('4.3.0', `451 4.3.0 ${words}`);
  return error instanceof StoreError && error.code === 'Unavailable' && !tookTooLong(error)
    ? { kind: 'deferred', soon: true, result }
    : { kind: 'deferred', result };
}

export const failed = (status: string, reply: string, remote: Remote | null = null): Outcome => ({
  kind: 'failed',
  result: said(status, reply, remote),
});

/**
 * A reply of another host: 4xx comes again, 5xx does not. Its own enhanced code counts if it is of the same class. Where the lines differ, the
 * last one is the answer.
 */
export function outcomeOfReply(reply: string, remote: Remote): Outcome {
  const lines = reply.split('\n').map((line) => /^([245])\d\d(?!\d)[ \t-]*(?:([245]\.\d{1,3}\.\d{1,3})\b)?/.exec(line));
  const level = lines.at(-1)?.[1];
  if (!level) return deferred('4.5.0', reply, remote);
  const status = lines.map((line) => line?.[2]).find((enhanced) => enhanced?.startsWith(level)) ?? `${level}.0.0`;
  return level === '5' ? failed(status, reply, remote) : deferred(status.replace(/^2/, '4'), reply, remote);
}

/** What a host said for good and need not mean so. */
export const notForGood = (outcome: Outcome): Outcome =>
  outcome.kind === 'failed'
    ? { kind: 'deferred', result: { ...outcome.result, status: outcome.result.status.replace(/^5/, '4') } }
    : outcome;

/** What we say ourselves has no remote: only the words of another host are shown as his. */
export function outcomeOfFailure(error: unknown, { name, address }: Remote): Outcome {
  if (!(error instanceof DialogueFailure)) throw error;
  const status = { unreachable: '4.4.1', closed: '4.4.2', timeout: '4.4.2', tls: '4.7.5', protocol: '4.5.0' }[error.code];
  return deferred(status, `451 ${status} ${name} [${address}]: ${error.message}`);
}
