import { FairShare, type Owner } from './fair-share.ts';

interface Waiting {
  owner: Owner;
  bytes: number;
  begin: () => void;
}

/**
 * Lets work begin while what is under way has at most so many bytes, shared among customers; one that is larger than that goes alone. In the order
 * of asking, but past those whose customer has his share under way: large letters that wait for a slow host hold back nobody else's.
 */
export class ByteTurns {
  readonly #share: FairShare;
  #waiting: Waiting[] = [];

  constructor(most: number) {
    this.#share = new FairShare(most);
  }

  async run<Result>(owner: Owner, bytes: number, work: () => Promise<Result>): Promise<Result> {
    if (this.#fits(owner, bytes) && !this.#waiting.some((each) => each.owner === owner)) this.#share.take(owner, bytes);
    else await new Promise<void>((begin) => this.#waiting.push({ owner, bytes, begin }));
    try {
      return await work();
    } finally {
      this.#share.give(owner, bytes);
      this.#next();
    }
  }

  #fits(owner: Owner, bytes: number): boolean {
    return this.#share.taken === 0 || this.#share.hasRoom(owner, bytes);
  }

  #next(): void {
    const stopped = new Set<Owner>();
    this.#waiting = this.#waiting.filter(({ owner, bytes, begin }) => {
      if (stopped.has(owner) || !this.#fits(owner, bytes)) {
        stopped.add(owner);
        return true;
      }
      this.#share.take(owner, bytes);
      begin();
      return false;
    });
  }
}
