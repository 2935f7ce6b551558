const first = 2;
const most = 10;
const forgetAfterMs = 3_600_000;

interface Lane {
  limit: number;
  running: number;
  usedAt: number;
}

/**
 * How many connections go to one domain at the same time: begins with 2, one more for each message that went well, up to 10; half of it
 * after a failure of the host. Kept in the process: each process learns for itself.
 */
export class DomainThrottle {
  #lanes = new Map<string, Lane>();

  running(domain: string): number {
    return this.#lanes.get(domain)?.running ?? 0;
  }

  free(domain: string): number {
    const lane = this.#lanes.get(domain);
    return lane ? Math.max(0, lane.limit - lane.running) : first;
  }

  begin(domain: string): void {
    const lane = this.#lanes.get(domain) ?? { limit: first, running: 0, usedAt: 0 };
    lane.running++;
    lane.usedAt = Date.now();
    this.#lanes.set(domain, lane);
  }

  end(domain: string): void {
    const lane = this.#lanes.get(domain);
    if (lane) lane.running--;
    for (const [name, { running, usedAt }] of this.#lanes) {
      if (running > 0 || Date.now() - usedAt < forgetAfterMs) break; // oldest first
      this.#lanes.delete(name);
    }
  }

  succeeded(domain: string): void {
    const lane = this.#lanes.get(domain);
    if (lane) lane.limit = Math.min(most, lane.limit + 1);
  }

  hostFailed(domain: string): void {
    const lane = this.#lanes.get(domain);
    if (lane) lane.limit = Math.max(1, Math.floor(lane.limit / 2));
  }
}
