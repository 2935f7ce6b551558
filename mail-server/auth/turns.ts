/**
 * One after the other per key. Guesses sent side by side would all be looked at before the first failure is counted; in turn each sees the
 * failures before it. At most `waiting` wait a key, one more gets null.
 */
export class Turns {
  readonly #lines = new Map<string, { last: Promise<unknown>; length: number }>();
  readonly #waiting: number;

  constructor(waiting: number) {
    this.#waiting = waiting;
  }

  take<T>(key: string, task: () => Promise<T>): Promise<T> | null {
    const line = this.#lines.get(key) ?? { last: Promise.resolve(), length: 0 };
    if (line.length > this.#waiting) return null;
    line.length++;
    this.#lines.set(key, line);
    const mine = line.last.then(task, task);
    const done = (): void => {
      if (--line.length === 0) this.#lines.delete(key);
    };
    line.last = mine.then(done, done);
    return mine;
  }
}
