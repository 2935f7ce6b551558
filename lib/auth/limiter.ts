/** Runs at most `running` tasks at once and lets at most `waiting` wait; one more is refused. */
export interface Limiter {
  /** Rejects at once with what `onFull` makes when the queue is full; otherwise settles as the task does. */
  run<T>(task: () => Promise<T>): Promise<T>;
}

export function createLimiter(limits: { running: number; waiting: number; onFull: () => Error }): Limiter {
  let running = 0;
  const queue: Array<() => void> = [];
  const turn = (): Promise<void> | null => {
    if (running < limits.running) {
      running++;
      return null;
    }
    if (queue.length >= limits.waiting) return Promise.reject(limits.onFull());
    return new Promise((resolve) => queue.push(resolve));
  };
  return {
    async run(task) {
      const wait = turn();
      if (wait) await wait;
      try {
        return await task();
      } finally {
        const next = queue.shift();
        // the place passes on to the next in line, so `running` stays
        if (next) next();
        else running--;
      }
    },
  };
}
