import type { CustomerId } from '../../lib/db/ids.ts';
import { nobodyIsNew } from '../store/queue/queue-claims.ts';

/** Whose letter something is needed for: a customer's, or the host's own (reports). */
export type Owner = CustomerId | null;

/**
 * Shares places, or bytes, among customers: each may take more only while he would have no more than is free. One alone gets a half, two have a
 * third each, and whoever comes next finds some: the letters of one customer, for whatever hosts they wait, never keep another's. Of 1,000 it
 * takes ten who each fill their share until there is none; so those who came lately, and may be one person, count as one together: they never
 * have more than a half, shared among them in the same way.
 */
export class FairShare {
  readonly #most: number;
  #taken = 0;
  readonly #held = new Map<Owner, number>();
  #newerThan = nobodyIsNew;
  #heldByNew = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get taken(): number {
    return this.#taken;
  }

  heldBy(owner: Owner): number {
    return this.#held.get(owner) ?? 0;
  }

  /** Customers with a greater number came lately. */
  setNewerThan(number: number): void {
    this.#newerThan = number;
    this.#heldByNew = 0;
    for (const [owner, amount] of this.#held) if (this.#isNew(owner)) this.#heldByNew += amount;
  }

  hasRoom(owner: Owner, amount = 1): boolean {
    const others = this.#isNew(owner) ? this.#heldByNew : 0;
    return this.heldBy(owner) + others + amount <= this.#most - this.#taken;
  }

  /** No customer with a greater number finds room, whether he has something or not. */
  get fullAbove(): number {
    return this.#heldByNew < this.#most - this.#taken ? nobodyIsNew : this.#newerThan;
  }

  /** Who has his share. */
  full(): Owner[] {
    return Array.from(this.#held.keys()).filter((owner) => !this.hasRoom(owner));
  }

  take(owner: Owner, amount = 1): void {
    this.#count(owner, amount);
    this.#held.set(owner, this.heldBy(owner) + amount);
  }

  give(owner: Owner, amount = 1): void {
    this.#count(owner, -amount);
    const left = this.heldBy(owner) - amount;
    if (left > 0) this.#held.set(owner, left);
    else this.#held.delete(owner);
  }

  #isNew(owner: Owner): boolean {
    return owner !== null && owner > this.#newerThan;
  }

  #count(owner: Owner, amount: number): void {
    this.#taken += amount;
    if (this.#isNew(owner)) this.#heldByNew += amount;
  }
}
