import type { AccountQueue } from './account-queue.ts';
import { appendMessage, appendParameters } from './append-messages.ts';
import { ByteGate } from './byte-gate.ts';
import { isAlreadyDelivered, type Database, type Query } from './postgres/database.ts';
import { inOneGo } from './postgres/in-one-go.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { Delivered, NewMessage } from './mail-store.ts';

/** What is to be written for one letter in one mailbox; what takes time was done before, since the account is locked meanwhile. */
export interface Delivery {
  bytes: number;
  /** it is one statement, so alone it needs no transaction of its own */
  isStatement: boolean;
  /** All of it or, by throwing, nothing. Null, or isAlreadyDelivered: its key says that it is done. */
  write(query: Query): Promise<Delivered | null>;
}

interface Waiting {
  delivery: Delivery;
  resolve: (result: Delivered | null) => void;
  reject: (error: unknown) => void;
}

/** Every writer locks this row first. There is nothing to wait for the disk for. */
const waitForAccount = {
  name: 'account_wait',
  text: `select set_config('synchronous_commit', 'off', true) from account_counter where account_id = $1 for share`,
};
const batchSize = 32;
const bytesInFlight = 32 * 1024 * 1024;
const smallBytes = 1024 * 1024;

/** A letter that is stored and nothing else. */
export function plainDelivery(account: AccountId, folderId: number | null, message: NewMessage, key: Buffer | null): Delivery {
  const parameters = appendParameters(account, folderId, message, key);
  return {
    bytes: bytesOf(parameters),
    isStatement: true,
    write: async (query) => ({ appended: [await appendMessage(query, parameters)], queued: 0 }),
  };
}

export const bytesOf = (parameters: readonly unknown[]): number =>
  parameters.reduce<number>((sum, value) => sum + (Buffer.isBuffer(value) ? value.length : 0), 0);

/**
 * Deliveries of one account: at most one transaction in flight; what arrives meanwhile goes into the next, so that many deliveries
 * share an fsync and nobody waits for a timer. A batch is one transaction: if one message is refused (over quota), none is stored and
 * each is tried alone, so that each sender gets the answer to its own message.
 */
export class DeliveryBatcher {
  readonly #database: Database;
  readonly #queue: AccountQueue;
  readonly #committed: (account: AccountId) => void;
  readonly #gate = new ByteGate(bytesInFlight, smallBytes);
  readonly #waiting = new Map<AccountId, Waiting[]>();

  constructor(database: Database, queue: AccountQueue, committed: (account: AccountId) => void) {
    this.#database = database;
    this.#queue = queue;
    this.#committed = committed;
  }

  deliver(account: AccountId, delivery: Delivery): Promise<Delivered | null> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = { delivery, resolve, reject };
      const waiting = this.#waiting.get(account);
      if (waiting) {
        waiting.push(entry);
        return;
      }
      this.#waiting.set(account, [entry]);
      this.#queue.run(account, () => this.#next(account)).catch(() => undefined); // each entry got its own error
    });
  }

  async #next(account: AccountId): Promise<void> {
    const waiting = this.#waiting.get(account) ?? [];
    const batch = waiting.splice(0, batchSize);
    if (waiting.length === 0) this.#waiting.delete(account);
    else this.#queue.run(account, () => this.#next(account)).catch(() => undefined);
    if (batch.length > 1 && (await this.#together(account, batch))) this.#committed(account);
    else await this.#oneByOne(account, batch);
  }

  /** A mailbox that another process holds is waited for outside of the gate: two such, with a large letter each, would keep everybody's outside. */
  async #withRoom<Result>(account: AccountId, bytes: number, work: () => Promise<Result>): Promise<Result> {
    if (bytes > smallBytes) await this.#database.write(waitForAccount, [account]);
    return this.#gate.run(bytes, work);
  }

  async #together(account: AccountId, batch: readonly Waiting[]): Promise<boolean> {
    try {
      const bytes = batch.reduce((sum, { delivery }) => sum + delivery.bytes, 0);
      const results = await this.#withRoom(account, bytes, () =>
        this.#database.transaction((query) => inOneGo(batch.map(({ delivery }) => delivery.write(query)))),
      );
      for (const [index, entry] of batch.entries()) entry.resolve(results[index] ?? null);
      return true;
    } catch {
      return false; // tried again one by one; nothing of the batch was stored
    }
  }

  async #oneByOne(account: AccountId, batch: readonly Waiting[]): Promise<void> {
    for (const { delivery, resolve, reject } of batch) {
      try {
        const result = await this.#withRoom(account, delivery.bytes, () =>
          delivery.isStatement ? delivery.write(this.#database.write) : this.#database.transaction((query) => delivery.write(query)),
        );
        this.#committed(account);
        resolve(result);
      } catch (error) {
        if (isAlreadyDelivered(error)) resolve(null);
        else reject(error);
      }
    }
  }
}
