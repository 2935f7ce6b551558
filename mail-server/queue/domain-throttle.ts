/** as Postfix has it */
const most = 20;
const frozenMs = 300_000;
const forgetAfterMs = 3_600_000;
/** one may have been about its letter, as where a host asks elsewhere about a recipient */
const enoughSilences = 2;

interface Lane {
  /** 1 until a host has greeted us: one that never does takes one place and not several */
  limit: number;
  running: number;
  greeted: number;
  /** does not grow before */
  frozenUntil: number;
  /** transactions in a row in which a command was never answered */
  silences: number;
  usedAt: number;
}

/**
 * How many connections go to one domain at the same time: one until a host of it has greeted us, then two, one more for each message that
 * went well, up to 20; half of it after a failure of the host, and no more than there are when it says that these are enough. Kept in the process: each process learns for itself.
 */
export class DomainThrottle {
  #lanes = new Map<string, Lane>();

  free(domain: string): number {
    const lane = this.#lanes.get(domain);
    return lane ? Math.max(0, lane.limit - lane.running) : 1;
  }

  /** Domains that may have no further connection. */
  full(): string[] {
    return [...this.#lanes].flatMap(([domain, { running, limit }]) => (running >= limit ? [domain] : []));
  }

  /** Sessions that are open. */
  greeted(domain: string): number {
    return this.#lanes.get(domain)?.greeted ?? 0;
  }

  begin(domain: string): void {
    const lane = this.#lanes.get(domain) ?? { limit: 1, running: 0, greeted: 0, frozenUntil: 0, silences: 0, usedAt: 0 };
    lane.running++;
    lane.usedAt = performance.now();
    this.#lanes.delete(domain);
    this.#lanes.set(domain, lane);
  }

  end(domain: string): void {
    const lane = this.#lanes.get(domain);
    if (lane) lane.running--;
    for (const [name, { running, usedAt }] of this.#lanes) {
      if (running > 0 || performance.now() - usedAt < forgetAfterMs) break; // oldest first
      this.#lanes.delete(name);
    }
  }

  sessionBegan(domain: string): void {
    const lane = this.#lanes.get(domain);
    if (!lane) return;
    lane.greeted++;
    if (lane.frozenUntil < performance.now()) lane.limit = Math.max(2, lane.limit);
  }

  sessionEnded(domain: string): void {
    const lane = this.#lanes.get(domain);
    if (lane) lane.greeted--;
  }

  succeeded(domain: string): void {
    const lane = this.#lanes.get(domain);
    if (!lane) return;
    if (lane.frozenUntil < performance.now()) lane.limit = Math.min(most, lane.limit + 1);
  }

  answered(domain: string): void {
    const lane = this.#lanes.get(domain);
    if (lane) lane.silences = 0;
  }

  /** A host let us in and does not answer. True: so it was before, and what else is due need not wait for the same. */
  fellSilent(domain: string): boolean {
    const lane = this.#lanes.get(domain);
    return lane !== undefined && ++lane.silences >= enoughSilences;
  }

  hostFailed(domain: string): void {
    const lane = this.#lanes.get(domain);
    if (lane) lane.limit = Math.max(1, Math.floor(lane.limit / 2));
  }

  /** A host lets in so many connections of ours: it is not asked for more for some minutes. */
  isEnough(domain: string, sessions: number): void {
    const lane = this.#lanes.get(domain);
    if (!lane) return;
    lane.limit = Math.max(1, Math.min(lane.limit, sessions));
    lane.frozenUntil = performance.now() + frozenMs;
  }
}
