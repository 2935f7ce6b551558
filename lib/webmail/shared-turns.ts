/** Work that many mailboxes ask for, so much of it at a time. */
export interface SharedTurns {
  /** Settles as `work` does, once it is its turn; null when this mailbox has as many waiting as it may, or its reader has gone. */
  run<T>(mailboxId: number, work: () => Promise<T>, gone?: AbortSignal): Promise<T | null>;
}

interface Holder {
  running: number;
  waiting: (() => void)[];
}

/** At most `running` at a time, `ofOne` of them for one mailbox; mailboxes that wait take turns, however much each of them wants. */
export function createSharedTurns(most: { running: number; ofOne: number; waitingOfOne: number }): SharedTurns {
  const holders = new Map<number, Holder>();
  let running = 0;

  const begin = (holder: Holder): void => {
    running += 1;
    holder.running += 1;
  };
  const beginNext = (): void => {
    if (running >= most.running) return;
    for (const [mailboxId, holder] of holders) {
      if (holder.running >= most.ofOne) continue;
      const next = holder.waiting.shift();
      if (!next) continue;
      // to the end of the line
      holders.delete(mailboxId);
      holders.set(mailboxId, holder);
      begin(holder);
      next();
      return;
    }
  };
  const end = (mailboxId: number, holder: Holder): void => {
    running -= 1;
    holder.running -= 1;
    if (holder.running === 0 && holder.waiting.length === 0) holders.delete(mailboxId);
    beginNext();
  };

  return {
    async run(mailboxId, work, gone) {
      const holder = holders.get(mailboxId) ?? { running: 0, waiting: [] };
      holders.set(mailboxId, holder);
      if (running < most.running && holder.running < most.ofOne) begin(holder);
      else if (holder.waiting.length >= most.waitingOfOne) return null;
      else await new Promise<void>((resolve) => holder.waiting.push(resolve));
      try {
        return gone?.aborted ? null : await work();
      } finally {
        end(mailboxId, holder);
      }
    },
  };
}
