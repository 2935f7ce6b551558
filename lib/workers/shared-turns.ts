/** Work that many parties (mailboxes, hosts) ask for, so much of it at a time. */
export interface SharedTurns<Party> {
  /** Settles as `work` does, once it is its turn; null when as many wait already as may, or whoever asked has gone. */
  run<T>(party: Party, work: () => Promise<T>, gone?: AbortSignal): Promise<T | null>;
}

interface Holder {
  running: number;
  /** called with whether it is its turn */
  waiting: ((isTurn: boolean) => void)[];
}

const periodMs = 30_000;

/**
 * At most `running` at a time, `ofOne` of them for one party; parties that wait take turns, however much each of them wants. Whoever had fewer
 * turns in the last minute goes first: who comes now does not wait for a round of all who ask without end.
 * At most `waitingOfOne` of a party wait, and `waiting` of all; where it is that many, the party with most gives way to one with fewer.
 */
export function createSharedTurns<Party>(most: {
  running: number;
  ofOne: number;
  waitingOfOne?: number;
  waiting?: number;
}): SharedTurns<Party> {
  const { waitingOfOne = Number.POSITIVE_INFINITY, waiting: mostWaiting = Number.POSITIVE_INFINITY } = most;
  const holders = new Map<Party, Holder>();
  const had = countLately<Party>(periodMs);
  let running = 0;
  let waiting = 0;

  const begin = (party: Party, holder: Holder): void => {
    running += 1;
    holder.running += 1;
    had.add(party);
  };
  /** Of those that had as many, whoever waits for longest. */
  const nextInLine = (): [Party, Holder] | null => {
    let next: [Party, Holder] | null = null;
    let fewest = Number.POSITIVE_INFINITY;
    for (const [party, holder] of holders) {
      if (holder.running >= most.ofOne || holder.waiting.length === 0) continue;
      const turns = had.of(party);
      if (turns >= fewest) continue;
      [next, fewest] = [[party, holder], turns];
      if (turns === 0) break;
    }
    return next;
  };
  const beginNext = (): void => {
    if (running >= most.running) return;
    const found = nextInLine();
    if (!found) return;
    const [party, holder] = found;
    const next = holder.waiting.shift();
    waiting -= 1;
    // to the end of the line
    holders.delete(party);
    holders.set(party, holder);
    begin(party, holder);
    next?.(true);
  };
  const end = (party: Party, holder: Holder): void => {
    running -= 1;
    holder.running -= 1;
    if (holder.running === 0 && holder.waiting.length === 0) holders.delete(party);
    beginNext();
  };

  const makeRoom = (asking: Holder): boolean => {
    let largest = asking;
    for (const holder of holders.values()) if (holder.waiting.length > largest.waiting.length) largest = holder;
    // else the two would only change places
    const last = largest.waiting.length > asking.waiting.length + 1 ? largest.waiting.pop() : undefined;
    if (!last) return false;
    waiting -= 1;
    last(false);
    return true;
  };

  return {
    async run(party, work, gone) {
      const holder = holders.get(party) ?? { running: 0, waiting: [] };
      holders.set(party, holder);
      if (running < most.running && holder.running < most.ofOne) begin(party, holder);
      else if (holder.waiting.length >= waitingOfOne || (waiting >= mostWaiting && !makeRoom(holder))) {
        if (holder.running === 0 && holder.waiting.length === 0) holders.delete(party);
        return null;
      } else {
        waiting += 1;
        if (!(await new Promise<boolean>((resolve) => holder.waiting.push(resolve)))) return null;
      }
      try {
        return gone?.aborted ? null : await work();
      } finally {
        end(party, holder);
      }
    },
  };
}

/** How often each was added in the present period and the one before. */
function countLately<Party>(lengthMs: number): { add(party: Party): void; of(party: Party): number } {
  let [now, before] = [new Map<Party, number>(), new Map<Party, number>()];
  let until = performance.now() + lengthMs;
  const look = (): void => {
    const late = performance.now() - until;
    if (late < 0) return;
    [now, before] = [new Map(), late < lengthMs ? now : new Map()];
    until = performance.now() + lengthMs;
  };
  return {
    add(party) {
      look();
      now.set(party, (now.get(party) ?? 0) + 1);
    },
    of(party) {
      look();
      return (now.get(party) ?? 0) + (before.get(party) ?? 0);
    },
  };
}
