import { BoundedMap } from '../../lib/workers/bounded-map.ts';
import type { DomainName } from '../../lib/addresses/domain-name.ts';

const mostRemembered = 20_000;

/**
 * Which names are proved here: authors' domains are asked for with each letter, and hosted names seldom change. What is remembered holds for one
 * version of them; who asks says which one he has seen (0: none), and so hears nothing older.
 */
export class ProvedDomains {
  readonly #ask: (name: DomainName) => Promise<boolean>;
  readonly #known = new BoundedMap<DomainName, boolean>(mostRemembered);
  #version = 0;

  constructor(ask: (name: DomainName) => Promise<boolean>) {
    this.#ask = ask;
  }

  async has(name: DomainName, version: number): Promise<boolean> {
    if (version > this.#version) {
      this.#version = version;
      this.#known.clear();
    }
    const isCurrent = (): boolean => version > 0 && version === this.#version;
    const known = isCurrent() ? this.#known.get(name) : undefined;
    if (known !== undefined) return known;
    const isProved = await this.#ask(name);
    if (!isCurrent()) return isProved;
    this.#known.set(name, isProved);
    return isProved;
  }
}
