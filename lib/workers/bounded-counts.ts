/** Counts what each key has at the same time, up to a bound. */
export class BoundedCounts<Key> {
  readonly #most: number;
  readonly #counts = new Map<Key, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** False when there are as many as there may be. */
  enter(key: Key): boolean {
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#most) return false;
    this.#counts.set(key, count + 1);
    return true;
  }

  leave(key: Key): void {
    const left = (this.#counts.get(key) ?? 1) - 1;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }
}
