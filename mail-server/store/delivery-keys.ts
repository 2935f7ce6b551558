import type { Database } from './postgres/database.ts';
import type { AccountId } from '../../lib/db/ids.ts';

const forget = { name: 'delivery_key_forget', text: 'delete from delivery_key where account_id = $1 and key = any($2::bytea[])' };
const find = { name: 'delivery_key_find', text: 'select 1 from delivery_key where account_id = $1 and key = $2' };
const flushAfterMs = 1_000;

/** Whether what this key stands for is committed, and its sender may not know. */
export const isCommitted = async (database: Database, account: AccountId, key: Buffer): Promise<boolean> =>
  (await database.read(find, [account, key])).length > 0;

/** Forgets the keys of acknowledged deliveries in the background. One that is not forgotten (a crash) is swept by housekeeping. */
export class DeliveryKeys {
  readonly #database: Database;
  #waiting = new Map<AccountId, Buffer[]>();
  #timer: NodeJS.Timeout | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  acknowledge(account: AccountId, key: Buffer): void {
    const keys = this.#waiting.get(account);
    if (keys) keys.push(key);
    else this.#waiting.set(account, [key]);
    this.#timer ??= setTimeout(() => void this.flush(), flushAfterMs).unref();
  }

  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const waiting = this.#waiting;
    this.#waiting = new Map();
    // one account after the other: a burst of statements would make deliveries wait
    for (const [account, keys] of waiting) {
      const list = keys.map((key) => `"\\\\x${key.toString('hex')}"`).join(',');
      await this.#database.note(forget, [account, `{${list}}`]).catch(() => undefined);
    }
  }
}
