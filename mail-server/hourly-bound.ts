const hourMs = 3_600_000;

/** So many of each key an hour, and so many in all: for what is told of strangers, who come as often as they like. */
export class HourlyBound {
  readonly #ofOne: number;
  readonly #ofAll: number;
  readonly #counts = new Map<string, number>();
  #left: number;
  #since = performance.now();

  constructor(ofOne: number, ofAll: number) {
    this.#ofOne = ofOne;
    this.#ofAll = ofAll;
    this.#left = ofAll;
  }

  /** True for what is within the bounds; it counts. */
  admits(key: string): boolean {
    if (performance.now() - this.#since > hourMs) {
      this.#since = performance.now();
      this.#left = this.#ofAll;
      this.#counts.clear();
    }
    const count = this.#counts.get(key) ?? 0;
    if (this.#left === 0 || count >= this.#ofOne) return false;
    this.#counts.set(key, count + 1);
    this.#left--;
    return true;
  }
}
