interface Waiting {
  bytes: number;
  begin: () => void;
}

/**
 * Lets so many bytes on their way to the database at a time: a statement is copied twice before it is sent, so twenty mailboxes that get a
 * large letter at once would hold it forty times. What is small goes through without asking. First come, first served.
 */
export class ByteGate {
  readonly #most: number;
  readonly #small: number;
  readonly #waiting: Waiting[] = [];
  #inFlight = 0;

  constructor(most: number, small: number) {
    this.#most = most;
    this.#small = small;
  }

  async run<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (bytes <= this.#small) return work();
    // one that is larger than all goes alone
    const held = Math.min(bytes, this.#most);
    if (this.#waiting.length > 0 || this.#inFlight + held > this.#most) {
      await new Promise<void>((begin) => {
        this.#waiting.push({ bytes: held, begin });
      });
    } else this.#inFlight += held;
    try {
      return await work();
    } finally {
      this.#inFlight -= held;
      this.#beginNext();
    }
  }

  #beginNext(): void {
    for (let next = this.#waiting[0]; next && this.#inFlight + next.bytes <= this.#most; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#inFlight += next.bytes;
      next.begin();
    }
  }
}
