/** Thrown where a run needs to know what only the caller can look up. */
export class Unanswered {
  readonly key: string;
  readonly look: () => Promise<unknown>;

  constructor(key: string, look: () => Promise<unknown>) {
    this.key = key;
    this.look = look;
  }
}

/**
 * What was looked up for a letter. A run is synchronous: where an answer is missing it ends, the answer is fetched, and it begins anew. It
 * has no effect outside itself, so it comes to the same place and goes on. Most scripts never ask.
 */
export class Answers {
  private readonly known = new Map<string, unknown>();

  get size(): number {
    return this.known.size;
  }

  ask<Answer>(key: string, look: () => Promise<Answer>): Answer {
    // only `add` below puts something in, under a key that belongs to one kind of answer
    if (this.known.has(key)) return this.known.get(key) as Answer;
    throw new Unanswered(key, look);
  }

  async add({ key, look }: Unanswered): Promise<void> {
    this.known.set(key, await look());
  }
}
