/** Runs the tasks of one key one after the other; null when `waiting` tasks of that key wait already. */
export function createOneAtATime(waiting: number) {
  const lines = new Map<string, { last: Promise<unknown>; length: number }>();
  return async <T>(key: string, task: () => Promise<T>): Promise<T | null> => {
    const line = lines.get(key) ?? { last: Promise.resolve(), length: 0 };
    if (line.length > waiting) return null;
    lines.set(key, line);
    line.length += 1;
    const mine = line.last.then(task, task);
    line.last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      line.length -= 1;
      if (line.length === 0) lines.delete(key);
    }
  };
}
