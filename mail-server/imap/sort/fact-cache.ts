import { onceFor } from '../../../lib/config/once-for.ts';
import type { AccountId } from '../../../lib/db/ids.ts';
import type { MailStore } from '../../store/mail-store.ts';
import type { Reader } from '../context.ts';

type Load<Fact> = (reader: Reader, messageIds: readonly number[]) => Promise<Map<number, Fact>>;

/** One cache a store, gone with it. */
export const factCaches = <Fact>(load: Load<Fact>) => onceFor<MailStore, FactCache<Fact>>(() => new FactCache(load));

/**
 * Each text once, however many messages have it: all answers of a thread name those before them, and have its subject. What is the same text in memory
 * takes its room once, and is compared at once.
 */
export function sharedTexts(): (text: string) => string {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
}

/** Facts kept in one process, all accounts together; some 200 to 400 bytes each. */
const mostFacts = 200_000;

/**
 * What SORT or THREAD compares of messages, kept for the accounts that sort, the longest unused dropped first. Messages are immutable, so
 * a fact is never wrong; a second SORT of a folder reads only what came in since.
 */
class FactCache<Fact> {
  readonly #load: Load<Fact>;
  /** in the order of use, the least recent first */
  readonly #accounts = new Map<AccountId, Map<number, Fact>>();
  #count = 0;

  constructor(load: Load<Fact>) {
    this.#load = load;
  }

  /** Facts of these messages (and perhaps of others of the account). Messages that are gone have none. */
  async read(reader: Reader, messageIds: readonly number[]): Promise<ReadonlyMap<number, Fact>> {
    const { account } = reader;
    const known = this.#accounts.get(account) ?? new Map<number, Fact>();
    this.#accounts.delete(account);
    this.#accounts.set(account, known);
    const missing = messageIds.filter((id) => !known.has(id));
    if (missing.length === 0) return known;
    const loaded = await this.#load(reader, missing);
    // another command of the account may have brought some of them meanwhile
    const before = known.size;
    for (const [id, fact] of loaded) known.set(id, fact);
    // an account that was dropped while its facts were read is not counted any more
    if (this.#accounts.get(account) === known) this.#count += known.size - before;
    this.#dropOldest(account);
    return known;
  }

  #dropOldest(except: AccountId): void {
    for (const [account, facts] of this.#accounts) {
      if (this.#count <= mostFacts) return;
      if (account === except) continue;
      this.#accounts.delete(account);
      this.#count -= facts.size;
    }
    // one account alone beyond the limit is answered, but not kept
    if (this.#count > mostFacts) {
      this.#accounts.delete(except);
      this.#count = 0;
    }
  }
}
