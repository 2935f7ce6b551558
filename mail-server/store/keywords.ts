import type { Database } from './database.ts';
import type { AccountId } from './types.ts';

const list = { name: 'keyword_list', text: 'select bit, name from account_keyword where account_id = $1' };
const bitOf = { name: 'keyword_bit', text: 'select keyword_bit($1, $2)' };

const mostKept = 10_000;

/**
 * The keyword dictionaries of accounts in use. Bits are never given a second meaning, so a dictionary only grows, and it is read again
 * only when a message carries a bit that it does not name (another process added a keyword).
 */
export class KeywordCache {
  readonly #database: Database;
  readonly #dictionaries = new Map<AccountId, ReadonlyMap<number, string>>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Names all bits of `flags`, and others. */
  async dictionary(account: AccountId, flags = 0n): Promise<ReadonlyMap<number, string>> {
    const known = this.#dictionaries.get(account);
    if (known && namesAll(known, flags)) return known;
    const rows = await this.#database.read(list, [account]);
    const dictionary = new Map(rows.map((row) => [Number(row[0]), String(row[1])]));
    if (this.#dictionaries.size >= mostKept) this.#dictionaries.clear();
    this.#dictionaries.set(account, dictionary);
    return dictionary;
  }

  async bit(account: AccountId, name: string): Promise<number> {
    const wanted = name.toLowerCase();
    for (const [bit, known] of await this.dictionary(account)) if (known.toLowerCase() === wanted) return bit;
    const [row] = await this.#database.write(bitOf, [account, name]);
    this.#dictionaries.delete(account);
    return Number(row?.[0]);
  }
}

function namesAll(known: ReadonlyMap<number, string>, flags: bigint): boolean {
  for (let bit = 5, rest = flags >> 5n; rest > 0n; bit++, rest >>= 1n) if ((rest & 1n) === 1n && !known.has(bit)) return false;
  return true;
}
