import type { AccountId } from '../../lib/db/ids.ts';

/** Counts the connections of each mailbox to this process; shared by all sessions. */
export class MailboxConnections {
  readonly #counts = new Map<AccountId, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** False when there are as many as there may be. */
  enter(account: AccountId): boolean {
    const count = this.#counts.get(account) ?? 0;
    if (count >= this.#most) return false;
    this.#counts.set(account, count + 1);
    return true;
  }

  leave(account: AccountId): void {
    const count = (this.#counts.get(account) ?? 0) - 1;
    if (count > 0) this.#counts.set(account, count);
    else this.#counts.delete(account);
  }
}
