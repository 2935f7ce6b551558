import { type Declarations, declarationsOf } from './seen-style.ts';

interface Rule {
  /** how much it weighs beside others, and which came later */
  weight: number;
  tag: string;
  said: Declarations;
}

interface Said {
  /** the stronger behind the weaker */
  rules: Declarations[];
  /** more may be said of it than is followed here */
  isUnsure: boolean;
  /** properties that this may decide whatever the element says of itself; "*": all */
  forced: ReadonlySet<string>;
}

const simple = /^([a-z][a-z0-9]{0,20})?([.#]-?[a-z_][\w-]{0,100})?$/i;
const mentioned = /[.#]?[a-z_][\w-]{0,100}/gi;
const onEveryScreen = /^@media\s{1,9}(?:all|screen|only\s{1,9}screen)$/i;
const mostRules = 500;
const mostAlike = 20;
const mostClasses = 20;
const deepest = 10;
const longestSelector = 1_000;
const everything: ReadonlySet<string> = new Set(['*']);
const nothing: ReadonlySet<string> = new Set();

/**
 * What style sheets say of elements by tag, class and id. What depends on more than that is not followed: nothing that it speaks of is hidden by
 * a sheet.
 */
export class SeenSheet {
  readonly #rules = new Map<string, Rule[]>();
  /** what is spoken of in a way that is not followed, and which properties are forced so */
  readonly #unsure = new Map<string, Set<string>>();
  #count = 0;

  /** @param conditional it holds on some screens only */
  add(css: string, conditional: boolean): void {
    const source = plainSource(css);
    if (source === null) {
      this.doubtAll();
      return;
    }
    const around: string[] = [];
    let from = 0;
    for (const { 0: sign, index } of source.matchAll(/[{}]/g)) {
      // one that ends nothing spoils the rule behind it
      if (sign === '}' && around.length === 0) continue;
      const piece = source.slice(from, index).trim();
      from = index + 1;
      if (sign === '{') {
        around.push(withoutStatements(piece));
        continue;
      }
      const selector = around.pop() ?? '@';
      if (!selector.startsWith('@')) this.#learn(selector, piece, around, conditional);
    }
    if (around.length > 0) this.doubtAll();
  }

  /** There is one that is not followed. */
  doubtAll(): void {
    this.#doubt(['*'], everything);
  }

  #learn(selectors: string, style: string, around: readonly string[], conditional: boolean): void {
    const said = declarationsOf(style);
    if (said?.size === 0) return;
    const doubted = /important|\\/i.test(style) ? everything : nothing;
    const forced = said ? new Set([...said].filter(([, one]) => one.isImportant).map(([name]) => name)) : doubted;
    if (++this.#count > mostRules || around.length > deepest || selectors.length > longestSelector) {
      this.doubtAll();
      return;
    }
    const isFollowed = said !== null && !conditional && around.every((at) => onEveryScreen.test(at));
    const found = selectors.split(',').map((selector) => simple.exec(selector.trim()) ?? ['']);
    // one that is none makes all of them none
    if (!isFollowed || found.some(([whole]) => whole === '')) {
      this.#speaksOf([...around.filter((at) => !at.startsWith('@')), selectors].join(' '), forced);
      return;
    }
    for (const [whole = '', tag = '', name = ''] of found) {
      const key = name === '' ? tag.toLowerCase() : name;
      const rules = this.#rules.get(key) ?? [];
      if (rules.length === mostAlike) {
        this.#speaksOf(whole, forced);
        continue;
      }
      const weight = (name.startsWith('#') ? 100 : name === '' ? 0 : 10) + (tag === '' ? 0 : 1);
      rules.push({ weight: weight * mostRules + this.#count, tag: tag.toLowerCase(), said });
      this.#rules.set(key, rules);
    }
  }

  #speaksOf(selector: string, forced: ReadonlySet<string>): void {
    const names = selector.length > longestSelector ? [] : (selector.match(mentioned) ?? []);
    this.#doubt(names.length === 0 || /[*:[&]/.test(selector) ? ['*'] : names, forced);
  }

  #doubt(names: readonly string[], forced: ReadonlySet<string>): void {
    for (const one of names) {
      const key = /^[.#]/.test(one) ? one : one.toLowerCase();
      const known = this.#unsure.get(key) ?? new Set();
      for (const property of forced) known.add(property);
      this.#unsure.set(key, known);
    }
  }

  get isEmpty(): boolean {
    return this.#rules.size === 0 && this.#unsure.size === 0;
  }

  /** What it says of an element. */
  of(tag: string, attributes: ReadonlyMap<string, string>): Said {
    const classes = (attributes.get('class') ?? '').split(/[ \t\n\f\r]/, mostClasses + 1);
    const keys = [tag, ...classes.map((one) => `.${one}`), `#${attributes.get('id') ?? ''}`];
    const doubts = ['*', ...keys].flatMap((key) => this.#unsure.get(key) ?? []);
    if (classes.length > mostClasses) return { rules: [], isUnsure: true, forced: everything };
    return {
      rules: keys
        .flatMap((key) => this.#rules.get(key) ?? [])
        .filter((rule) => rule.tag === '' || rule.tag === tag)
        .sort((one, other) => one.weight - other.weight)
        .map(({ said }) => said),
      isUnsure: doubts.length > 0,
      forced: new Set(doubts.flatMap((each) => [...each])),
    };
  }
}

/** "@import …;" ends by itself; a selector behind anything else is none. */
function withoutStatements(piece: string): string {
  const parts = piece.split(';').map((part) => part.trim());
  return parts.slice(0, -1).every((part) => part.startsWith('@')) ? (parts.at(-1) ?? '') : piece;
}

/** Without comments, and without what is in strings. Null where a brace, a quote or a comment stands so that two readers read two things. */
function plainSource(css: string): string | null {
  if (/[^\S \t\n\r\f]/.test(css)) return null;
  const pieces: string[] = [];
  let at = 0;
  for (const sign = /\/\*|["']|\\(?:["'{}()\\\n\r\f]|\/\*)|\(/g; ; at = sign.lastIndex) {
    sign.lastIndex = at;
    const found = sign.exec(css);
    if (!found) break;
    pieces.push(css.slice(at, found.index));
    if (found[0].startsWith('\\')) return null;
    const end = found[0] === '/*' ? '*/' : found[0] === '(' ? ')' : found[0];
    const close = css.indexOf(end, sign.lastIndex);
    if (close < 0) return found[0] === '/*' ? pieces.join('') : null;
    const inside = css.slice(sign.lastIndex, close);
    if (found[0] !== '/*' && /[{}]|\/\*|\*\/|\\(?:["'()\\\n\r\f]|$)/.test(inside)) return null;
    if (found[0] === '(' ? /^[^"']*["'][^"']*$/.test(inside) : found[0] !== '/*' && /[\n\r\f]/.test(inside)) return null;
    if (found[0] !== '(') pieces.push(found[0] === '/*' ? ' ' : 'x');
    else pieces.push('(', inside.replace(/["']/g, ''), ')');
    sign.lastIndex = close + end.length;
  }
  return [...pieces, css.slice(at)].join('').replace(/^\s*<!--|-->\s*$/g, '');
}
