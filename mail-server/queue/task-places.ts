import type { DueDomain, LeftOut, Without } from '../store/queue/queue-claims.ts';
import { FairShare, type Owner } from './fair-share.ts';

/** Tasks, each of which works on the mail for one domain elsewhere: most of them wait for another host, which costs a socket. */
export const mostTasks = 1000;
/** so many of them for what was tried before; the others are kept for what is new */
const mostAgain = 500;
/** and so many more that have waited this long for a host, and need nothing but their socket meanwhile */
const mostSlow = 3000;
export const slowAfterMs = 3_000;

/** The places of a worker's tasks, shared among customers. What goes to domains here waits for nobody else's host, and takes none. */
export class TaskPlaces {
  readonly #all = new FairShare(mostTasks);
  readonly #again = new FairShare(mostAgain);
  readonly #slow = new FairShare(mostSlow);

  setNewerThan(number: number): void {
    for (const share of [this.#all, this.#again, this.#slow]) share.setNewerThan(number);
  }

  leftOut(domains: readonly string[]): LeftOut {
    return { domains, all: leftOutBy([this.#all]), again: leftOutBy([this.#again]) };
  }

  hasRoom({ ours, customer, again }: DueDomain): boolean {
    return ours || (this.#all.hasRoom(customer) && (!again || this.#again.hasRoom(customer)));
  }

  take({ ours, customer, again }: DueDomain): TaskPlace {
    return new TaskPlace(again ? [this.#all, this.#again] : [this.#all], this.#slow, ours ? undefined : customer);
  }
}

/** The place of one task: it counts for whose letter the task is at, which shows only when it claims one. */
export class TaskPlace {
  #shares: readonly FairShare[];
  readonly #slow: FairShare;
  #owner: Owner | undefined;

  constructor(shares: readonly FairShare[], slow: FairShare, owner: Owner | undefined) {
    this.#shares = shares;
    this.#slow = slow;
    this.#move(owner);
  }

  /** The task has waited long: its place is another's, also of the same customer. False if too many wait so already. */
  giveWay(): boolean {
    const owner = this.#owner;
    if (owner === undefined || !this.#slow.hasRoom(owner)) return false;
    this.#move(undefined);
    this.#shares = [this.#slow];
    this.#move(owner);
    return true;
  }

  goesTo(owner: Owner): void {
    if (owner !== this.#owner) this.#move(owner);
  }

  end(): void {
    this.#move(undefined);
  }

  /** Who has his share, besides whoever has this place already. */
  others(): Without {
    const { customers, newerThan } = leftOutBy(this.#shares);
    return { customers: customers.filter((owner) => owner !== this.#owner), newerThan, but: this.#owner };
  }

  #move(next: Owner | undefined): void {
    for (const share of this.#shares) {
      if (this.#owner !== undefined) share.give(this.#owner);
      if (next !== undefined) share.take(next);
    }
    this.#owner = next;
  }
}

const leftOutBy = (shares: readonly FairShare[]): Without => ({
  customers: shares.flatMap((share) => share.full()),
  newerThan: Math.min(...shares.map((share) => share.fullAbove)),
});
