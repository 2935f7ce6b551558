import { BoundedMap } from '../../lib/workers/bounded-map.ts';
import type { GuessDelay } from '../auth/guess-delay.ts';

const unknownInARow = 20;
const unknownInAll = 100;
/** what a host got wrong is counted for so long, over all its connections */
const countedMs = 600_000;
const mostHosts = 50_000;

interface Unknown {
  inARow: number;
  inAll: number;
  since: number;
}

/**
 * Hosts that try addresses to see which exist. They are counted over their connections: who comes again for every few of them tries as many.
 */
export class RecipientGuesses {
  readonly delay: GuessDelay;
  readonly #now: () => number;
  /** in the order in which they came first */
  readonly #hosts = new BoundedMap<string, Unknown>(mostHosts);

  constructor(delay: GuessDelay, now: () => number = () => performance.now()) {
    this.delay = delay;
    this.#now = now;
  }

  found(host: string): void {
    const unknown = this.#hosts.get(host);
    if (unknown) unknown.inARow = 0;
  }

  /** Counts one more; true if that is too many. */
  unknown(host: string): boolean {
    const now = this.#now();
    let unknown = this.#hosts.get(host);
    if (!unknown || now - unknown.since > countedMs) {
      unknown = { inARow: 0, inAll: 0, since: now };
      this.#hosts.set(host, unknown);
    }
    unknown.inARow++;
    unknown.inAll++;
    return unknown.inARow > unknownInARow || unknown.inAll > unknownInAll;
  }
}
