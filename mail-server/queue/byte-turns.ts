/** Lets work begin while what is under way has at most so many bytes; one that is larger than that goes alone. In the order of asking. */
export class ByteTurns {
  readonly #most: number;
  #taken = 0;
  #waiting: { bytes: number; begin: () => void }[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  async run<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting.length > 0 || !this.#fits(bytes)) {
      await new Promise<void>((begin) => this.#waiting.push({ bytes, begin }));
    } else this.#taken += bytes;
    try {
      return await work();
    } finally {
      this.#taken -= bytes;
      this.#next();
    }
  }

  #fits(bytes: number): boolean {
    return this.#taken === 0 || this.#taken + bytes <= this.#most;
  }

  #next(): void {
    for (let [first] = this.#waiting; first && this.#fits(first.bytes); [first] = this.#waiting) {
      this.#taken += first.bytes;
      this.#waiting.shift();
      first.begin();
    }
  }
}
