export interface FairPlace {
  /** Whoever has it is known now, and does not lose it to others any more. */
  keep(): void;
  /** Call once, when it is not needed any longer. */
  giveBack(): void;
}

/**
 * So many places, which strangers share. Where none is left, whoever has the most of them loses his oldest to one who has fewer: who takes
 * thousands and does nothing with them keeps nobody out.
 */
export class FairPlaces<Party> {
  readonly #most: number;
  #taken = 0;
  /** what ends each place that can be lost, the oldest first */
  readonly #held = new Map<Party, Set<() => void>>();
  /** parties by how many they have, and the most that one has */
  readonly #byCount = new Map<number, Set<Party>>();
  #top = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @param lose ends what has the place; null: it is never lost. Null when there is none for this party. */
  take(party: Party, lose: (() => void) | null): FairPlace | null {
    if (this.#taken >= this.#most && !this.#makeRoom(party)) return null;
    this.#taken++;
    if (!lose) return { keep: () => undefined, giveBack: () => void this.#taken-- };
    const end = (): void => lose();
    this.#change(party, (ends) => ends.add(end));
    const letGo = (): boolean => this.#held.get(party)?.has(end) === true && this.#change(party, (ends) => ends.delete(end));
    let isKept = false;
    return {
      keep: () => {
        if (letGo()) isKept = true;
      },
      giveBack: () => {
        if (letGo() || isKept) this.#taken--;
      },
    };
  }

  #makeRoom(party: Party): boolean {
    if (this.#top <= (this.#held.get(party)?.size ?? 0)) return false;
    const [largest] = this.#byCount.get(this.#top) ?? [];
    const [oldest] = (largest !== undefined && this.#held.get(largest)) || [];
    if (largest === undefined || !oldest) return false;
    this.#change(largest, (ends) => ends.delete(oldest));
    this.#taken--;
    oldest();
    return true;
  }

  #change(party: Party, change: (ends: Set<() => void>) => unknown): true {
    const ends = this.#held.get(party) ?? new Set();
    this.#byCount.get(ends.size)?.delete(party);
    change(ends);
    if (ends.size === 0) this.#held.delete(party);
    else {
      this.#held.set(party, ends);
      const same = this.#byCount.get(ends.size) ?? new Set();
      this.#byCount.set(ends.size, same.add(party));
    }
    this.#top = Math.max(this.#top, ends.size);
    while (this.#top > 0 && !this.#byCount.get(this.#top)?.size) this.#byCount.delete(this.#top--);
    return true;
  }
}
