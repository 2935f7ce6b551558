import type { AccountId } from '../store/types.ts';

const budgetBytes = 256 * 1024 * 1024;

/** The messages that are being appended to all mailboxes share this much memory; one mailbox gets half of it, so that others can go on. */
export class AppendBudget {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #held = new Map<AccountId, number>();
  #all = 0;

  constructor(messageBytes: number) {
    this.#most = Math.max(budgetBytes, 4 * messageBytes);
    this.#mostOfOne = this.#most / 2;
  }

  /** False: there is no room, the client is asked to come back later. */
  reserve(account: AccountId, bytes: number): boolean {
    const own = this.#held.get(account) ?? 0;
    if (this.#all + bytes > this.#most || own + bytes > this.#mostOfOne) return false;
    this.#all += bytes;
    this.#held.set(account, own + bytes);
    return true;
  }

  release(account: AccountId, bytes: number): void {
    const left = (this.#held.get(account) ?? 0) - bytes;
    this.#all -= bytes;
    if (left > 0) this.#held.set(account, left);
    else this.#held.delete(account);
  }
}
