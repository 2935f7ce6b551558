/** Seconds after each refusal in a row; what follows the first tries is as long as the first pause of the usual schedule. */
const usualPauses = [15, 60, 120, 300];
/** longer than the longest pause between two attempts with a letter */
const forgetAfterMs = 5 * 3_600_000;

interface Rest {
  refusals: number;
  until: number;
  refusedAt: number;
}

/**
 * Domains whose hosts let in nobody of this worker: they may be full of us already, by another worker on the same database or by a session that
 * they still count. Such a domain rests here for some seconds, and what is due for it stays due, for whoever is let in. A host that
 * refuses again and again is busy for other reasons.
 */
export class DomainRests {
  readonly #pauses: readonly number[];
  /** the latest refusal last */
  readonly #rests = new Map<string, Rest>();

  constructor(pauses: readonly number[] = usualPauses) {
    this.#pauses = pauses;
  }

  /** The domains that rest now. */
  resting(): string[] {
    const now = performance.now();
    return [...this.#rests].flatMap(([domain, { until }]) => (until > now ? [domain] : []));
  }

  /** A host refused us. True while it is asked again soon: that is one of the first times in a row. */
  refused(domain: string): boolean {
    const now = performance.now();
    const refusals = (this.#rests.get(domain)?.refusals ?? 0) + 1;
    this.#rests.delete(domain);
    this.#rests.set(domain, { refusals, until: 0, refusedAt: now });
    for (const [name, { refusedAt }] of this.#rests) {
      if (now - refusedAt < forgetAfterMs) break;
      this.#rests.delete(name);
    }
    return refusals < this.#pauses.length;
  }

  /** After a refusal: begins no connection for a while, up to a quarter more or less, so that two workers do not always come together. */
  rest(domain: string, random: number = Math.random()): void {
    const rest = this.#rests.get(domain);
    if (!rest) return;
    const pause = this.#pauses[Math.min(rest.refusals, this.#pauses.length) - 1] ?? 0;
    rest.until = performance.now() + pause * 1000 * (0.75 + 0.5 * random);
  }

  /** A host took a letter. */
  forget(domain: string): void {
    this.#rests.delete(domain);
  }
}
