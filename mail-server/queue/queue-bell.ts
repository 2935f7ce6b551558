import { onceFor } from '../../lib/config/once-for.ts';
import type { Database } from '../store/postgres/database.ts';

/** Rung when something was put into the queue by this process, so that its worker looks at once. Other processes' workers poll. */
class QueueBell {
  #listeners = new Set<() => void>();

  ring(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Returns the end of it. */
  onRing(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The bell that all parts of a process with this database share. */
export const bellOf = onceFor<Database, QueueBell>(() => new QueueBell());
