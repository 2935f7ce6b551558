import type { AccountId } from '../../../lib/db/ids.ts';
import { BoundedMap } from '../../../lib/workers/bounded-map.ts';

const mostAnHour = 50;
const hourMs = 3_600_000;
const mostMailboxes = 10_000;

/**
 * Whom a mailbox answered by itself though nobody proved that he wrote (decision 126). Many at once are no correspondents: somebody writes others' addresses into
 * letters, and the answers are what he sends them. Each process counts for itself.
 */
export class UnprovedAnswers {
  /** in the order in which their hours began */
  readonly #mailboxes = new BoundedMap<AccountId, { since: number; answered: Set<string> }>(mostMailboxes);
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Notes one more. False: there were too many within the hour. */
  mayAnswer(account: AccountId, address: string): boolean {
    let hour = this.#mailboxes.get(account);
    if (!hour || this.#now() - hour.since > hourMs) {
      hour = { since: this.#now(), answered: new Set() };
      this.#mailboxes.set(account, hour);
    }
    if (hour.answered.size >= mostAnHour) return hour.answered.has(address);
    hour.answered.add(address);
    return true;
  }
}
