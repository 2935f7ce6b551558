import type { CustomerId } from '../../lib/db/ids.ts';

/** Whose letter something is needed for: a customer's, or the host's own (reports). */
export type Owner = CustomerId | null;

/**
 * Shares places, or bytes, among customers: each may take more only while he would have no more than is free. One alone gets a half, two have a
 * third each, and whoever comes next finds some: the letters of one customer, for whatever hosts they wait, never keep another's. Of 1,000 it
 * takes ten who each fill their share until there is none.
 */
export class FairShare {
  readonly #most: number;
  #taken = 0;
  readonly #held = new Map<Owner, number>();

  constructor(most: number) {
    this.#most = most;
  }

  get taken(): number {
    return this.#taken;
  }

  heldBy(owner: Owner): number {
    return this.#held.get(owner) ?? 0;
  }

  hasRoom(owner: Owner, amount = 1): boolean {
    return this.heldBy(owner) + amount <= this.#most - this.#taken;
  }

  /** Who has his share. */
  full(): Owner[] {
    return Array.from(this.#held.keys()).filter((owner) => !this.hasRoom(owner));
  }

  take(owner: Owner, amount = 1): void {
    this.#taken += amount;
    this.#held.set(owner, this.heldBy(owner) + amount);
  }

  give(owner: Owner, amount = 1): void {
    this.#taken -= amount;
    const left = this.heldBy(owner) - amount;
    if (left > 0) this.#held.set(owner, left);
    else this.#held.delete(owner);
  }
}
