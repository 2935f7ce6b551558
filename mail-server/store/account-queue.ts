import type { AccountId } from '../../lib/db/ids.ts';

/**
 * At most one writing statement of an account is in flight from this process. Every writer locks the account's row first, so letting
 * several wait in the database would only block the pipelined lanes they stand in, and with them other accounts.
 */
export class AccountQueue {
  readonly #tails = new Map<AccountId, Promise<unknown>>();

  run<T>(account: AccountId, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(account);
    const result = before ? before.then(work, work) : work();
    this.#tails.set(account, result);
    const done = () => {
      if (this.#tails.get(account) === result) this.#tails.delete(account);
    };
    result.then(done, done);
    return result;
  }
}
