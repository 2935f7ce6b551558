import { STAR } from '../parser/sequence-set.ts';
import { everything, type SearchKey } from './keys.ts';

/**
 * The same search with NOT moved down to the leaves, brackets of one kind joined, and each alternative or condition once: what a client wrote
 * five thousand times is looked for once.
 */
export const simplifyKey = (key: SearchKey): SearchKey => new Simplifier().simplify(key, false).key;

interface Numbered {
  key: SearchKey;
  /** equal keys have equal numbers */
  number: number;
}

class Simplifier {
  readonly #numbers = new Map<string, number>();

  simplify(key: SearchKey, negated: boolean): Numbered {
    if (key.kind === 'not') return this.simplify(key.key, !negated);
    if (key.kind !== 'and' && key.kind !== 'or') return this.#leaf(key, negated);
    const kind = (key.kind === 'and') === negated ? 'or' : 'and';
    const children = new Map<number, SearchKey>();
    for (const each of key.keys) {
      const child = this.simplify(each, negated);
      if (child.key.kind !== kind) children.set(child.number, child.key);
      else for (const inner of child.key.keys) children.set(this.simplify(inner, false).number, inner);
    }
    const [only] = children;
    if (only && children.size === 1) return { number: only[0], key: only[1] };
    const numbers = Array.from(children.keys()).sort((a, b) => a - b);
    return { key: { kind, keys: Array.from(children.values()) }, number: this.#number(`${kind} ${numbers.join(' ')}`) };
  }

  #leaf(key: SearchKey, negated: boolean): Numbered {
    const turned = negated ? negate(key) : key;
    return { key: turned, number: this.#number(describe(turned)) };
  }

  #number(description: string): number {
    const known = this.#numbers.get(description) ?? this.#numbers.size;
    this.#numbers.set(description, known);
    return known;
  }
}

const negate = (key: SearchKey): SearchKey =>
  key.kind === 'system' || key.kind === 'keyword' ? { ...key, present: !key.present } : { kind: 'not', key };

/** A text that is the same for keys that mean the same. */
const describe = (key: SearchKey): string =>
  key === everything
    ? 'all'
    : JSON.stringify(key, (_name, value: unknown) => {
        if (typeof value === 'bigint') return `bit ${value}`;
        return value === STAR || value === -STAR ? String(value) : value;
      });
