import type { CssDeclaration, CssRule } from './css-syntax.ts';

/**
 * Custom properties of a letter (css-variables-1), put in where they are used: what comes out is judged like any other value. A letter has
 * one value for each name, the one of its root; which element inherits which is not followed.
 */
export class CssVariables {
  private readonly values = new Map<string, { value: string; rank: number }>();
  /** substitutions that this letter may still ask for */
  private left = mostOfLetter;

  learn(rules: readonly CssRule[], inMedia = false): void {
    for (const rule of rules) {
      if (rule.kind === 'at') {
        if (!/dark|inverted|forced|print/i.test(rule.prelude)) this.learn(rule.rules, inMedia || rule.name === 'media');
        continue;
      }
      this.inherit(rule.declarations, inMedia ? 0 : ofRoot.test(rule.selector) ? 2 : 1);
    }
  }

  /** Those of an element: what comes below it may use them. */
  inherit(declarations: readonly CssDeclaration[], rank = 1): void {
    for (const { property, value } of declarations) if (property.startsWith('--')) this.keep(property, value, rank);
  }

  /** The value with everything put in; null where something is not there, or it would be too much. */
  resolve(value: string, own: readonly CssDeclaration[]): string | null {
    const budget = { left: Math.min(mostOfValue, this.left) };
    const before = budget.left;
    const resolved = this.substitute(value, own, budget, 0);
    this.left -= before - budget.left;
    return resolved;
  }

  private keep(name: string, value: string, rank: number): void {
    const known = this.values.get(name);
    // of the root the last one holds, as everywhere; of others the first: later ones are mostly for another look
    if (known && (known.rank > rank || (known.rank === rank && rank < 2))) return;
    if (known || this.values.size < mostNames) this.values.set(name, { value, rank });
  }

  private substitute(value: string, own: readonly CssDeclaration[], budget: { left: number }, depth: number): string | null {
    let result = '';
    let at = 0;
    for (;;) {
      const begin = value.toLowerCase().indexOf('var(', at);
      if (begin < 0) return result + value.slice(at);
      const end = closing(value, begin + 4);
      if (end < 0 || depth >= deepest || budget.left-- <= 0) return null;
      const inside = value.slice(begin + 4, end);
      const comma = inside.indexOf(',');
      const name = (comma < 0 ? inside : inside.slice(0, comma)).trim();
      const found = own.findLast((one) => one.property === name)?.value ?? this.values.get(name)?.value;
      const put = found === undefined ? null : this.substitute(found, own, budget, depth + 1);
      const used = put ?? (comma < 0 ? null : this.substitute(inside.slice(comma + 1), own, budget, depth + 1));
      if (used === null) return null;
      result += `${value.slice(at, begin)} ${used} `;
      if (result.length > longest) return null;
      at = end + 1;
    }
  }
}

/** The bracket that ends what begins at `from`, or -1. */
function closing(value: string, from: number): number {
  let depth = 1;
  for (let at = from; at < value.length; at++) {
    if (value[at] === '(') depth++;
    else if (value[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

const ofRoot = /(^|,)\s*(:root|html|body|\*)\s*(,|$)/i;
const deepest = 8;
const longest = 4000;
const mostNames = 2000;
const mostOfValue = 100;
const mostOfLetter = 50_000;
