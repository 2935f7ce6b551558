import { FairShare, type Owner } from './fair-share.ts';

interface Waiting {
  owner: Owner;
  bytes: number;
  /** told whether it is beyond what there was room for */
  begin: (isBeyond: boolean) => void;
}

/**
 * Lets work begin while what is under way has at most so many bytes, shared among customers. In the order of asking, but past those whose customer
 * has his share under way: large letters that wait for a slow host hold back nobody else's. A letter too large for what is free goes beside
 * the others, one at a time, if its customer has none under way; it takes nothing of what is shared, or all would wait for its host.
 */
export class ByteTurns {
  readonly #share: FairShare;
  #isBeyond = false;
  #waiting: Waiting[] = [];

  constructor(most: number) {
    this.#share = new FairShare(most);
  }

  setNewerThan(number: number): void {
    this.#share.setNewerThan(number);
  }

  async run<Result>(owner: Owner, bytes: number, work: () => Promise<Result>): Promise<Result> {
    const isHisTurn = this.#fits(owner, bytes) && !this.#waiting.some((each) => each.owner === owner);
    const isBeyond = isHisTurn
      ? this.#take(owner, bytes)
      : await new Promise<boolean>((begin) => this.#waiting.push({ owner, bytes, begin }));
    try {
      return await work();
    } finally {
      if (isBeyond) this.#isBeyond = false;
      else this.#share.give(owner, bytes);
      this.#next();
    }
  }

  #fits(owner: Owner, bytes: number): boolean {
    return this.#share.hasRoom(owner, bytes) || (!this.#isBeyond && this.#share.heldBy(owner) === 0);
  }

  /** True: more than there was room for. */
  #take(owner: Owner, bytes: number): boolean {
    const isBeyond = !this.#share.hasRoom(owner, bytes);
    if (isBeyond) this.#isBeyond = true;
    else this.#share.take(owner, bytes);
    return isBeyond;
  }

  #next(): void {
    const stopped = new Set<Owner>();
    this.#waiting = this.#waiting.filter(({ owner, bytes, begin }) => {
      if (stopped.has(owner) || !this.#fits(owner, bytes)) {
        stopped.add(owner);
        return true;
      }
      begin(this.#take(owner, bytes));
      return false;
    });
  }
}
