/** Nothing else takes so long; half of it for one letter, so that its mailbox is known when its task no longer waits. */
const longMs = 1_000;
/** so many tasks at most wait for mailboxes of one domain */
const mostTasks = 10;

/**
 * Mailboxes here that somebody holds for long: a client that moves many thousand letters, a process that stands still in its transaction. Their letters
 * wait, and no others with them: a task that waits for such a mailbox lets go of its domain, and the next one claims nothing for that mailbox.
 */
export class HeldMailboxes {
  /** addresses, and how many letters wait for each */
  readonly #held = new Map<string, number>();
  /** domains, and how many tasks wait there */
  readonly #waiting = new Map<string, number>();

  addresses(): string[] {
    return [...this.#held.keys()];
  }

  /** `store` puts a letter into the mailbox of an address. */
  async storing<Result>(address: string, store: () => Promise<Result>): Promise<Result> {
    let isLong = false;
    const timer = setTimeout(() => {
      isLong = true;
      add(this.#held, address, 1);
    }, longMs / 2);
    try {
      return await store();
    } finally {
      clearTimeout(timer);
      if (isLong) add(this.#held, address, -1);
    }
  }

  /** Waits for `work`, which delivers what was claimed of a domain. Where that takes long, `letGo` is called, if not too many tasks wait so already. */
  async waitFor(domain: string, work: Promise<unknown>, letGo: () => void): Promise<void> {
    const { promise: isLong, resolve } = Promise.withResolvers<'long'>();
    const timer = setTimeout(() => resolve('long'), longMs);
    const isHeld = (await Promise.race([work, isLong]).finally(() => clearTimeout(timer))) === 'long' && this.#mayWait(domain);
    if (!isHeld) {
      await work;
      return;
    }
    add(this.#waiting, domain, 1);
    letGo();
    await work.finally(() => add(this.#waiting, domain, -1));
  }

  #mayWait(domain: string): boolean {
    return (this.#waiting.get(domain) ?? 0) < mostTasks;
  }
}

function add(counts: Map<string, number>, name: string, by: number): void {
  const count = (counts.get(name) ?? 0) + by;
  if (count > 0) counts.set(name, count);
  else counts.delete(name);
}
