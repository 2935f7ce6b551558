import type { Database } from './postgres/database.ts';
import type { KeywordSets } from './keyword-sets.ts';
import type { AccountId } from '../../lib/db/ids.ts';

const sets = {
  name: 'keyword_sets',
  text: 'select set_id, keywords from keyword_set where account_id = $1 and set_id > $2 order by set_id',
};
const names = { name: 'keyword_names', text: 'select keyword_id, name from account_keyword where account_id = $1' };

const mostSets = 200_000;

/** The keyword sets of accounts in use, read as far as messages need them: who meets a set that is not here yet asks for those made since. */
export class KeywordCache {
  readonly #database: Database;
  readonly #accounts = new Map<AccountId, { sets: Map<number, readonly string[]>; last: number; reading: Promise<void> | null }>();
  #count = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Knows every set in `needed`, and perhaps others. */
  async sets(account: AccountId, needed: Iterable<number>): Promise<KeywordSets> {
    const known = this.#accounts.get(account) ?? { sets: new Map<number, readonly string[]>(), last: 0, reading: null };
    this.#accounts.set(account, known);
    let highest = 0;
    for (const set of needed) highest = Math.max(highest, set);
    while (highest > known.last) {
      if (known.reading) {
        // it may have begun before the set was made
        await known.reading;
        continue;
      }
      known.reading = this.#read(account, known).finally(() => {
        known.reading = null;
      });
      await known.reading;
      // one that is still missing was removed meanwhile: no message carries it any more
      known.last = Math.max(known.last, highest);
    }
    return known.sets;
  }

  async #read(account: AccountId, known: { sets: Map<number, readonly string[]>; last: number }): Promise<void> {
    const rows = await this.#database.read(sets, [account, known.last]);
    if (rows.length === 0) return;
    const nameOf = new Map(await this.#database.read(names, [account]).then((found) => found as [number, string][]));
    for (const [set, ids] of rows as [number, number[]][]) {
      known.sets.set(
        set,
        ids.map((id) => nameOf.get(id) ?? '').filter((name) => name !== ''),
      );
      known.last = Math.max(known.last, set);
    }
    this.#count += rows.length;
    if (this.#count <= mostSets) return;
    // sessions keep the maps they have; whoever asks next reads anew
    this.#accounts.clear();
    this.#count = 0;
  }
}
