import { type Declarations, declarationsOf } from './seen-style.ts';

interface Rule {
  tag: string;
  /** ".name", "#name" or "" */
  name: string;
  said: Declarations;
}

const simple = /^([a-z][a-z0-9]{0,20})?([.#][\w-]{1,100})?$/i;
const mentioned = /[.#]?[a-z_][\w-]{0,100}/gi;
const onEveryScreen = /^@media\s{1,9}(?:all|screen|only\s{1,9}screen)$/i;
const mostRules = 500;
const longestSelector = 1_000;

/**
 * What style sheets say of elements by tag, class and id. What depends on more than that is not followed: nothing that it speaks of is hidden by
 * a sheet.
 */
export class SeenSheet {
  readonly #rules = new Map<string, { at: number; rule: Rule }[]>();
  readonly #unsure = new Set<string>();
  #count = 0;

  /** @param conditional it holds on some screens only */
  add(css: string, conditional: boolean): void {
    const source = withoutComments(css);
    const around: string[] = [];
    let from = 0;
    for (const { 0: sign, index } of source.matchAll(/[{}]/g)) {
      const piece = source.slice(from, index).trim();
      from = index + 1;
      if (sign === '{') {
        around.push(piece.slice(piece.lastIndexOf(';') + 1).trim());
        continue;
      }
      const selector = around.pop() ?? '@';
      if (!selector.startsWith('@')) this.#learn(selector, piece, conditional || !around.every((at) => onEveryScreen.test(at)));
    }
  }

  #learn(selectors: string, style: string, conditional: boolean): void {
    const said = declarationsOf(style);
    if (said?.size === 0) return;
    if (++this.#count > mostRules || selectors.length > longestSelector) {
      this.#unsure.add('*');
      return;
    }
    for (const selector of selectors.split(',')) {
      const [whole, tag = '', name = ''] = simple.exec(selector.trim()) ?? [];
      if (whole !== undefined && said && !conditional) {
        const key = name === '' ? tag.toLowerCase() : name;
        const rules = this.#rules.get(key) ?? [];
        rules.push({ at: this.#count, rule: { tag: tag.toLowerCase(), name, said } });
        this.#rules.set(key, rules);
      } else {
        const names = selector.match(mentioned) ?? [];
        for (const one of names.length === 0 || /[*:[]/.test(selector) ? ['*'] : names)
          this.#unsure.add(/^[.#]/.test(one) ? one : one.toLowerCase());
      }
    }
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** What it says of an element, the later after the earlier; null: who knows. */
  of(tag: string, attributes: ReadonlyMap<string, string>): Declarations[] | null {
    const classes = (attributes.get('class') ?? '').split(/\s/, 20).map((one) => `.${one}`);
    const keys = [tag, ...classes, `#${attributes.get('id') ?? ''}`];
    if (this.#unsure.has('*') || keys.some((key) => this.#unsure.has(key))) return null;
    return keys
      .flatMap((key) => this.#rules.get(key) ?? [])
      .filter(({ rule }) => rule.tag === '' || rule.tag === tag)
      .sort((one, other) => one.at - other.at)
      .map(({ rule }) => rule.said);
  }
}

function withoutComments(css: string): string {
  const pieces: string[] = [];
  let at = 0;
  for (let open = css.indexOf('/*'); open >= 0; open = css.indexOf('/*', at)) {
    pieces.push(css.slice(at, open));
    const close = css.indexOf('*/', open + 2);
    if (close < 0) return pieces.join('');
    at = close + 2;
  }
  return [...pieces, css.slice(at)].join('').replace(/<!--|-->/g, '');
}
