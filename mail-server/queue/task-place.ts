import type { FairShare, Owner } from './fair-share.ts';

/** The place of one task: it counts for whose letter the task is at, which shows only when it claims one. */
export class TaskPlace {
  readonly #shares: readonly FairShare[];
  #owner: Owner | undefined;

  /** `owner`: undefined for what waits for nobody else's host, and takes no place */
  constructor(shares: readonly FairShare[], owner: Owner | undefined) {
    this.#shares = shares;
    this.#move(owner);
  }

  goesTo(owner: Owner): void {
    if (owner !== this.#owner) this.#move(owner);
  }

  end(): void {
    this.#move(undefined);
  }

  /** Who has his share, besides whoever has this place already. */
  others(): Owner[] {
    return this.#shares.flatMap((share) => share.full()).filter((owner) => owner !== this.#owner);
  }

  #move(next: Owner | undefined): void {
    for (const share of this.#shares) {
      if (this.#owner !== undefined) share.give(this.#owner);
      if (next !== undefined) share.take(next);
    }
    this.#owner = next;
  }
}
