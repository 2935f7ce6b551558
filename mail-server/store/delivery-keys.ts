import { int8Array } from './postgres/binary-client.ts';
import type { Database } from './postgres/database.ts';
import type { AccountId } from '../../lib/db/ids.ts';

const find = { name: 'delivery_key_find', text: 'select 1 from delivery_key where account_id = $1 and key = $2' };
// a row that is locked is being forgotten already, with its account
const forget = {
  name: 'delivery_keys_forget',
  text: `with told as (select k.ctid from unnest($1::int8[], $2::bytea[]) one(account_id, key) join delivery_key k using (account_id, key)
      for update of k skip locked)
    delete from delivery_key k using told where k.ctid = told.ctid`,
};
const flushAfterMs = 1_000;
const mostAtOnce = 1_000;
/** What waits beyond this while the database is away is left to housekeeping. */
const mostWaiting = 100_000;

/** Whether what this key stands for is committed, and its sender may not know. */
export const isCommitted = async (database: Database, account: AccountId, key: Buffer): Promise<boolean> =>
  (await database.read(find, [account, key])).length > 0;

interface Told {
  account: AccountId;
  key: Buffer;
}

/**
 * Forgets the keys of acknowledged deliveries in the background, those of all mailboxes together, and goes on trying while the database is away: by a
 * key that stays, what a device sends each hour to the byte is taken for one letter that comes again. Those of a crash are swept by housekeeping.
 */
export class DeliveryKeys {
  readonly #database: Database;
  #waiting: Told[] = [];
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(database: Database) {
    this.#database = database;
  }

  acknowledge(account: AccountId, key: Buffer): void {
    this.#wait([{ account, key }]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#flush();
  }

  #wait(more: readonly Told[]): void {
    if (this.#waiting.length < mostWaiting) this.#waiting.push(...more);
    if (!this.#closed) this.#timer ??= setTimeout(() => void this.#flush(), flushAfterMs).unref();
  }

  async #flush(): Promise<void> {
    this.#timer = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    // one statement after the other: a burst of them would make deliveries wait
    for (let at = 0; at < waiting.length; at += mostAtOnce) {
      const some = waiting.slice(at, at + mostAtOnce);
      const keys = some.map(({ key }) => `"\\\\x${key.toString('hex')}"`).join(',');
      await this.#database.note(forget, [int8Array(some.map(({ account }) => account)), `{${keys}}`]).catch(() => this.#wait(some));
    }
  }
}
