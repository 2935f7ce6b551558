import { appendMessage, appendParameters } from './append-messages.ts';
import { ByteGate } from './byte-gate.ts';
import type { AccountQueue } from './account-queue.ts';
import { isAlreadyDelivered, type Database } from './database.ts';
import type { AccountId, Appended, NewMessage } from './types.ts';

interface Waiting {
  parameters: unknown[];
  resolve: (result: Appended | null) => void;
  reject: (error: unknown) => void;
}

const batchSize = 32;
const bytesInFlight = 32 * 1024 * 1024;
const smallBytes = 1024 * 1024;

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

  deliver(account: AccountId, folderId: number | null, message: NewMessage, key: Buffer | null): Promise<Appended | null> {
    const parameters = appendParameters(account, folderId, message, key);
    return new Promise((resolve, reject) => {
      const entry: Waiting = { parameters, resolve, reject };
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
    if (batch.length > 1 && (await this.#together(batch))) this.#committed(account);
    else await this.#oneByOne(account, batch);
  }

  async #together(batch: readonly Waiting[]): Promise<boolean> {
    try {
      const bytes = batch.reduce((sum, entry) => sum + bytesOf(entry), 0);
      const results = await this.#gate.run(bytes, () =>
        this.#database.transaction((query) => Promise.all(batch.map((entry) => appendMessage(query, entry.parameters)))),
      );
      for (const [index, entry] of batch.entries()) entry.resolve(results[index] ?? null);
      return true;
    } catch {
      return false; // tried again one by one; nothing of the batch was stored
    }
  }

  async #oneByOne(account: AccountId, batch: readonly Waiting[]): Promise<void> {
    for (const entry of batch) {
      try {
        const result = await this.#gate.run(bytesOf(entry), () => appendMessage(this.#database.write, entry.parameters));
        this.#committed(account);
        entry.resolve(result);
      } catch (error) {
        if (isAlreadyDelivered(error)) entry.resolve(null);
        else entry.reject(error);
      }
    }
  }
}

const bytesOf = ({ parameters }: Waiting): number =>
  parameters.reduce<number>((sum, value) => sum + (Buffer.isBuffer(value) ? value.length : 0), 0);
