import type { AccountId } from '../../lib/db/ids.ts';
import type { Delivered } from './mail-store.ts';

const rememberMs = 60_000;

/**
 * Deliveries with a key that this process is at, or has committed without its sender being told yet. The same key again is the same letter: a
 * sender whose patience ended while it was being stored comes with it, and hears what became of it instead of storing a second one.
 */
export class KeyedDeliveries {
  readonly #results = new Map<string, Promise<Delivered | null>>();

  run(account: AccountId, key: Buffer, deliver: () => Promise<Delivered | null>): Promise<Delivered | null> {
    const name = nameOf(account, key);
    const known = this.#results.get(name);
    if (known) return known;
    const result = deliver();
    this.#results.set(name, result);
    const forget = (): void => {
      if (this.#results.get(name) === result) this.#results.delete(name);
    };
    result.then((delivered) => {
      // the database's own key answers from here on
      if (delivered === null) forget();
      else setTimeout(forget, rememberMs).unref();
    }, forget);
    return result;
  }

  /** The sender knows: what comes with this key from now on is another letter. */
  forget(account: AccountId, key: Buffer): void {
    this.#results.delete(nameOf(account, key));
  }
}

const nameOf = (account: AccountId, key: Buffer): string => `${account} ${key.toString('base64')}`;
