import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Transaction } from '#lib/db/prisma.ts';

/** Where the first of two is stopped: before its transaction begins, or before the first write in it. */
export type Stop = 'begin' | 'write';

const writes = new Set(['create', 'createMany', 'update', 'updateMany', 'upsert', 'delete', 'deleteMany']);

/**
 * Runs `first` until it stops, `second` until it is done or waits for what the first one holds, and then both to their ends: so whatever the
 * first one read before it stopped may be untrue by the time it writes.
 */
export async function atOnce<First, Second>(
  database: Database,
  stop: Stop,
  first: (database: Database) => Promise<First>,
  second: (database: Database) => Promise<Second>,
): Promise<[First, Second]> {
  let other: Promise<Second> | undefined;
  const pause = async (): Promise<void> => {
    if (other) return;
    let settled = false;
    other = second(database).finally(() => {
      settled = true;
    });
    other.catch(() => undefined);
    for (let waited = 0; !settled && waited < 200; waited++) {
      const [row] = await database.$queryRaw<{ waiting: boolean }[]>`select exists (select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock') as waiting`;
      if (row?.waiting) break;
      await sleep(10);
    }
  };
  const stopped = new Proxy(database, {
    get(client, name) {
      if (name !== '$transaction') return Reflect.get(client, name) as unknown;
      return async (work: (transaction: Transaction) => Promise<unknown>, options?: object) => {
        if (stop === 'begin') await pause();
        return client.$transaction((transaction) => work(stop === 'write' ? pausing(transaction, pause) : transaction), options);
      };
    },
  });
  const one = await first(stopped);
  if (!other) throw new Error('the first one ended before it stopped');
  return [one, await other];
}

const pausing = (transaction: Transaction, pause: () => Promise<void>): Transaction =>
  new Proxy(transaction, {
    get(client, model) {
      const delegate = Reflect.get(client, model) as object;
      if (typeof delegate !== 'object' || delegate === null) return delegate;
      return new Proxy(delegate, {
        get(methods, method) {
          const call = Reflect.get(methods, method) as (...given: unknown[]) => unknown;
          if (typeof method !== 'string' || !writes.has(method)) return call;
          return async (...given: unknown[]) => {
            await pause();
            return call.apply(methods, given);
          };
        },
      });
    },
  });
