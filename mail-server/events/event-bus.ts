import type { AccountId } from '../../lib/db/ids.ts';

/** An account that may have changed, or `'everything'`: hints may have been lost (a reconnect), so look at all that you show. */
export type ChangeHint = AccountId | 'everything';

/** The accounts that somebody in this process looks at, each with the MODSEQ that is known here (0: not known). */
export type WatchedAccounts = () => Iterable<readonly [account: AccountId, modseq: number]>;

/**
 * Carries hints between the processes of an installation. A hint is never the truth: it says "read the change log". Hints may come twice,
 * late or without cause; one that is lost is made up for by the poll of the watched accounts within seconds.
 */
export interface EventBus {
  /**
   * An account changed; call it after the commit, never inside the transaction. Listeners of this process hear of it before publish
   * returns, other processes within some 10 ms. Never throws, never waits.
   */
  publish(account: AccountId): void;
  /** Calls back with hints of this process and of all others. The listener must not throw. Returns the end of it. */
  subscribe(listener: (hint: ChangeHint) => void): () => void;
  /** Names the accounts to poll as a safety net; one function a process (the store's), asked before each poll. */
  watch(accounts: WatchedAccounts): void;
  /** Sends what waits (for at most a second) and closes. */
  close(): Promise<void>;
}
