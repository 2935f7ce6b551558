import { onceFor } from '../../../lib/config/once-for.ts';
import type { Database } from './database.ts';

interface Round<Asked, Answer> {
  all: Asked[];
  done: Promise<ReadonlyMap<Asked, Answer>>;
}

interface Rounds<Asked, Answer> {
  under: Promise<unknown>;
  next: Round<Asked, Answer> | null;
}

/** who ask by one statement */
const most = 100;
/** A statement that failed only then met a database that hangs, since it waits for no lock: those who wait would do so for another one in vain. */
const hungMs = 10_000;

/**
 * Makes one statement of what is asked for while an earlier one is under way, so that it shares a journey, and a wait for the disk; nobody waits
 * for a timer. `ask` waits for no lock, since others would wait with it: it answers those that it could at once. No answer: this one has to be
 * asked for alone, by a statement that waits, or fails.
 *
 * Where the database hangs, whoever waits for a statement or behind it hears so when that one ends, and nobody asks again.
 */
export function askTogether<Asked, Answer>(
  ask: (database: Database, all: readonly Asked[]) => Promise<ReadonlyMap<Asked, Answer>>,
): (database: Database, one: Asked) => Promise<Answer | undefined> {
  const roundsOf = onceFor<Database, Rounds<Asked, Answer>>(() => ({ under: Promise.resolve(), next: null }));
  const nothing: ReadonlyMap<Asked, Answer> = new Map();
  return async (database, one) => {
    const rounds = roundsOf(database);
    let round = rounds.next;
    if (!round || round.all.length >= most) {
      const all: Asked[] = [];
      const begin = (): void => {
        if (rounds.next?.all === all) rounds.next = null;
      };
      const done = rounds.under.finally(begin).then(() => {
        const at = performance.now();
        return ask(database, all).catch((error: unknown) => {
          if (performance.now() - at > hungMs) throw error;
          return nothing;
        });
      });
      round = { all, done };
      rounds.next = round;
      rounds.under = done;
      done.catch(() => {
        if (rounds.under === done) rounds.under = Promise.resolve();
      });
    }
    round.all.push(one);
    return (await round.done).get(one);
  };
}
