/**
 * Turns at the event loop for work that takes long, one holder (a mailbox) after the other: who works on sixteen connections at once gets one
 * turn where somebody else gets one. Between two turns sockets and timers are heard.
 */
export class Turns<Holder> {
  /** who waits, in the order of turns */
  readonly #waiting = new Map<Holder, (() => void)[]>();
  #scheduled = false;

  /** Resolves when it is the holder's turn. */
  next(holder: Holder): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(holder);
      if (waiting) waiting.push(resolve);
      else this.#waiting.set(holder, [resolve]);
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(this.#give);
    });
  }

  readonly #give = (): void => {
    const [first] = this.#waiting;
    this.#scheduled = false;
    if (!first) return;
    const [holder, waiting] = first;
    const go = waiting.shift();
    this.#waiting.delete(holder);
    if (waiting.length > 0) this.#waiting.set(holder, waiting);
    if (this.#waiting.size > 0) {
      this.#scheduled = true;
      setImmediate(this.#give);
    }
    go?.();
  };
}
