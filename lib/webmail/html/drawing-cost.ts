/**
 * What a letter's style sheets cost the browser that draws it, reckoned from what the letter is given: for each rule, the elements that its last
 * part may mean, times the parts of its selector, and the way up from each of them. No honest letter comes near to the bound; a letter beyond
 * it is shown without its sheets. And how deep elements lie in one another whose layout takes twice the time with each level.
 */
export class DrawingCost {
  private readonly found = new Map<string, Found>();
  private readonly opened: { keys: readonly string[]; depth: number }[] = [];
  /** of the sheets, by what their last part asks for */
  private readonly weights = new Map<string, number>();
  /** of those that ask for a place among elements of one name, which is looked for anew for each name */
  private readonly byName = new Map<string, number>();
  private readonly names = new Set<string>();
  private places = mostPlaces;
  /** what makes elements into layouts of a kind, by kind */
  private readonly nesting = new Map<Layout, Set<string>>();

  /** A rule as it was written, and in how many forms. */
  rule(selectors: readonly string[], declarations: string, forms: number): void {
    const kinds = layouts.filter(({ declared }) => declared.test(declarations));
    const each = 1 + declarations.length / longDeclarations;
    for (const selector of selectors) {
      const key = lastKey(selector);
      const weight = forms * (each + (selector.match(/[.#:[(,>+ ]/g)?.length ?? 0));
      this.weights.set(key, (this.weights.get(key) ?? 0) + weight);
      if (selector.includes('-of-type')) this.byName.set(key, (this.byName.get(key) ?? 0) + forms);
      for (const kind of kinds) this.nesting.set(kind, (this.nesting.get(kind) ?? new Set()).add(key));
    }
  }

  /** A start tag as it was written; answers how it may be. `inside`: other elements may stand in it. */
  open(tag: string, written: string, depth: number, inside: boolean): string {
    const keys = keysOf(tag, written);
    this.names.add(tag);
    for (const key of keys) {
      const found = this.found.get(key) ?? { count: 0, way: 0, open: 0, deepest: 0 };
      this.found.set(key, found);
      found.count += 1;
      found.way += depth;
      if (inside) found.deepest = Math.max(found.deepest, ++found.open);
    }
    if (inside) this.opened.push({ keys, depth });
    return tag === 'td' || tag === 'th' ? this.cell(written) : written;
  }

  /** A cell over others takes a place for each: a hundred of a thousand columns and as many rows hold the tab. */
  private cell(written: string): string {
    if (!written.includes('span=')) return written;
    const [columns, rows] = [spanOf(written, 'colspan', mostColumns), spanOf(written, 'rowspan', mostRows)];
    this.places -= columns * rows - 1;
    return this.places >= 0 ? written : written.replace(/ (?:col|row)span="[^"]*"/g, '');
  }

  closedTo(depth: number): void {
    while ((this.opened.at(-1)?.depth ?? 0) > depth) {
      for (const key of this.opened.pop()?.keys ?? []) {
        const found = this.found.get(key);
        if (found) found.open -= 1;
      }
    }
  }

  /** In steps of some nanoseconds. */
  private get ofSheets(): number {
    let cost = 0;
    for (const [key, weight] of this.weights) {
      const { count, way } = this.found.get(key) ?? none;
      cost += (weight + (this.byName.get(key) ?? 0) * this.names.size) * count + (weight * way) / stepsUp;
    }
    return cost;
  }

  get isBearable(): boolean {
    return this.ofSheets <= mostOfSheets;
  }

  /** What was written, without the layouts that lie too deep in one another, or are too many. */
  levelled(written: string): string {
    let level = written;
    for (const kind of layouts)
      if (this.sizeOf(kind) > kind.most) level = level.replaceAll(kind.dropped, (_, before = '') => String(before) + kind.instead);
    return level;
  }

  get isDeep(): boolean {
    return layouts.some((kind) => this.sizeOf(kind) > kind.most);
  }

  private sizeOf(kind: Layout): number {
    let size = (this.found.get(kind.key) ?? none)[kind.by];
    for (const key of this.nesting.get(kind) ?? []) size += (this.found.get(key) ?? none)[kind.by];
    return size;
  }
}

interface Found {
  count: number;
  /** all that stand above one of them, together */
  way: number;
  open: number;
  deepest: number;
}
const none: Found = { count: 0, way: 0, open: 0, deepest: 0 };

interface Layout {
  key: string;
  /** in a style sheet or a start tag that we wrote */
  declared: RegExp;
  /** how many of them in one another, or in all */
  by: 'deepest' | 'count';
  most: number;
  dropped: RegExp;
  instead: string;
}

/**
 * A grid asks what is in it for its size before it is laid out, and again, so that each level doubles all below; tables by CSS bring three boxes
 * of their own each; a float is looked for past all that float already.
 */
const layouts: readonly Layout[] = [
  {
    key: '=grid',
    declared: /(?:^|[;"])display:(?:inline-)?grid/,
    by: 'deepest',
    most: 5,
    dropped: /(^|[;{"])display:(?:inline-)?grid/g,
    instead: 'display:block',
  },
  {
    key: '=inline-table',
    declared: /(?:^|[;"])display:inline-table/,
    by: 'deepest',
    most: 5,
    dropped: /(^|[;{"])display:inline-table/g,
    instead: 'display:inline-block',
  },
  {
    key: '=table',
    declared: /(?:^|[;"])display:table/,
    by: 'deepest',
    most: 60,
    dropped: /(^|[;{"])display:table[a-z-]*/g,
    instead: 'display:block',
  },
  {
    key: '=float',
    declared: /(?:^|[;"])float:|^<(?:img|table) .{0,2000}align="(?:left|right)"/i,
    by: 'count',
    most: 3000,
    dropped: /(^|[;{"])float:[a-z-]+| align="(?:left|right)"/gi,
    instead: '',
  },
];

/** as browsers count (WHATWG HTML section 4.9.11): zero rows are all to the end */
const mostColumns = 1000;
const mostRows = 65_534;
const mostPlaces = 100_000;
const spanOf = (written: string, name: string, most: number): number => {
  const value = Number.parseInt(new RegExp(` ${name}="\\s{0,9}([^"]{1,20})`).exec(written)?.[1] ?? '1', 10);
  return value > 0 ? Math.min(value, most) : value === 0 && name === 'rowspan' ? 100 : 1;
};

const stepsUp = 4;
const longDeclarations = 50;
/** about half a second */
const mostOfSheets = 25_000_000;

/** Everything by which a rule may ask for it. */
function keysOf(tag: string, written: string): string[] {
  const keys = ['*', tag];
  const classes = / class="([^"]*)"/.exec(written)?.[1];
  if (classes) keys.push(...new Set(classes.split(' ').map((name) => `.${name}`)));
  const id = / id="([^"]*)"/.exec(written)?.[1];
  if (id) keys.push(`#${id}`);
  if (/display:|float:|align=/.test(written)) for (const { key, declared } of layouts) if (declared.test(written)) keys.push(key);
  return keys;
}

/** Where the last part of a selector begins: behind a blank that is in no bracket and no string. */
function lastPart(text: string): number {
  let from = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '(' || sign === '[') depth++;
    else if (sign === ')' || sign === ']') depth--;
    else if (sign === ' ' && depth === 0) from = at + 1;
  }
  return from;
}

/** Id, class or name of the last part of a selector: by that a browser finds the rules to ask. */
function lastKey(selector: string): string {
  const bare = selector.slice(lastPart(selector)).replace(/[:[(].*$/s, '');
  return /#[^.#]+/.exec(bare)?.[0] ?? /\.[^.#]+/.exec(bare)?.[0] ?? (/^[a-z][a-z0-9-]*/i.exec(bare)?.[0].toLowerCase() || '*');
}
