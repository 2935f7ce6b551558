import { totalmem } from 'node:os';

const budgetBytes = 256 * 1024 * 1024;
/** What is received is there twice for a moment, and a third time in a worker. */
const partOfMemory = 1 / 4;

/**
 * Memory that the messages which are being received share. One holder (a mailbox, an address) gets half of it, so that others can go on;
 * `null` is a holder that is trusted with all of it. There is always room for two of the largest messages. `memory` is what the process may have
 * (in a container its limit): where that is little, fewer letters come at a time, and the others later.
 */
export class MemoryBudget<Holder> {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #held = new Map<Holder, number>();
  #all = 0;

  constructor(messageBytes: number, memory = Math.min(totalmem(), process.constrainedMemory() || Infinity)) {
    this.#most = Math.min(Math.max(budgetBytes, 4 * messageBytes), Math.max(memory * partOfMemory, 2 * messageBytes));
    this.#mostOfOne = this.#most / 2;
  }

  /** False: there is no room, the client is asked to come back later. */
  reserve(holder: Holder | null, bytes: number): boolean {
    if (this.#all + bytes > this.#most) return false;
    if (holder !== null) {
      const own = this.#held.get(holder) ?? 0;
      if (own + bytes > this.#mostOfOne) return false;
      this.#held.set(holder, own + bytes);
    }
    this.#all += bytes;
    return true;
  }

  release(holder: Holder | null, bytes: number): void {
    this.#all -= bytes;
    if (holder === null) return;
    const left = (this.#held.get(holder) ?? 0) - bytes;
    if (left > 0) this.#held.set(holder, left);
    else this.#held.delete(holder);
  }
}
