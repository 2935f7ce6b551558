import type { AccountId } from '../store/types.ts';

/** Counts by key with a ceiling. */
export class Ceiling<Key> {
  readonly #counts = new Map<Key, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** False when there are as many as there may be. */
  enter(key: Key): boolean {
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#most) return false;
    this.#counts.set(key, count + 1);
    return true;
  }

  leave(key: Key): void {
    const count = (this.#counts.get(key) ?? 0) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}

/** Connections of each mailbox to this process; shared by all sessions. */
export type MailboxConnections = Ceiling<AccountId>;
