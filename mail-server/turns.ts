/**
 * Turns at the event loop for work that takes long, one holder (a mailbox) after the other: who works on sixteen connections at once gets one
 * turn where somebody else gets one. Sockets and timers are heard after each `sliceMs` of such work: whoever waited for the database meanwhile
 * has a moment's work left, and many of them have theirs in one slice.
 */
export class Turns<Holder> {
  /** who waits, in the order of turns */
  readonly #waiting = new Map<Holder, (() => void)[]>();
  readonly #sliceMs: number;
  #scheduled = false;
  #sliceBegan = 0;

  constructor(sliceMs: number) {
    this.#sliceMs = sliceMs;
  }

  /** Resolves when it is the holder's turn. */
  next(holder: Holder): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(holder);
      if (waiting) waiting.push(resolve);
      else this.#waiting.set(holder, [resolve]);
      if (!this.#scheduled) this.#schedule();
    });
  }

  #schedule(): void {
    this.#scheduled = true;
    setImmediate(() => {
      this.#sliceBegan = performance.now();
      this.#give();
    });
  }

  readonly #give = (): void => {
    const [first] = this.#waiting;
    if (!first) {
      this.#scheduled = false;
      return;
    }
    if (performance.now() - this.#sliceBegan >= this.#sliceMs) {
      this.#schedule();
      return;
    }
    const [holder, waiting] = first;
    const go = waiting.shift();
    this.#waiting.delete(holder);
    if (waiting.length > 0) this.#waiting.set(holder, waiting);
    go?.();
    // a tick that microtasks ask for comes when all of them are done: then the holder works no more, or waits for something
    queueMicrotask(() => process.nextTick(this.#give));
  };
}
