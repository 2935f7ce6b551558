/** What was learnt of one mailbox's folders, kept beside its connection. All of it can be asked for again. */
export type Memory = Map<string, unknown>;

/** How much that is: of how many messages or things its longest list is. */
function weightOf(value: unknown): number {
  if (value instanceof Map) return value.size;
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>(
    (most, part) => (part instanceof Map || Array.isArray(part) ? Math.max(most, weightOf(part)) : most),
    0,
  );
}

const weightOfAll = (memory: Memory): number => [...memory.values()].reduce<number>((sum, value) => sum + weightOf(value), 0);

/** The memories of all connections of a process: beyond `most` messages together, what was used longest ago is forgotten. */
export class Memories {
  readonly #most: number;
  /** in the order of use */
  readonly #weights = new Map<Memory, number>();
  #total = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** After each use. What a memory holds is forgotten in the order in which it was set, its own last of all. */
  used(memory: Memory): void {
    this.forget(memory);
    this.#note(memory, weightOfAll(memory));
    for (const known of this.#weights.keys()) {
      if (this.#total <= this.#most) return;
      this.#shrink(known);
    }
  }

  /** Its connection is gone. */
  forget(memory: Memory): void {
    this.#total -= this.#weights.get(memory) ?? 0;
    this.#weights.delete(memory);
  }

  #note(memory: Memory, weight: number): void {
    this.#total += weight - (this.#weights.get(memory) ?? 0);
    this.#weights.set(memory, weight);
  }

  #shrink(memory: Memory): void {
    for (const key of memory.keys()) {
      if (this.#total <= this.#most) return;
      memory.delete(key);
      this.#note(memory, weightOfAll(memory));
    }
  }
}
