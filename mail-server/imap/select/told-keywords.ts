import type { KeywordSets } from '../../store/keyword-sets.ts';

/** The keywords of a folder that a client was told of. */
export class ToldKeywords {
  readonly #sets = new Set<number>();
  readonly #names = new Map<string, string>();

  /** All names, with a space in front of each. */
  get text(): string {
    return Array.from(this.#names.values(), (name) => ` ${name}`).join('');
  }

  /** Those of the sets whose names were not looked at yet. */
  missing(sets: ReadonlySet<number>): number[] {
    return Array.from(sets).filter((set) => !this.#sets.has(set));
  }

  /** True when a name is among them that the client has not heard. */
  add(sets: Iterable<number>, keywords: KeywordSets): boolean {
    const before = this.#names.size;
    for (const set of sets) {
      this.#sets.add(set);
      for (const name of keywords.get(set) ?? []) if (!this.#names.has(name.toLowerCase())) this.#names.set(name.toLowerCase(), name);
    }
    return this.#names.size > before;
  }
}
