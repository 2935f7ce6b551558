import { declarationsOf, inPlainSight, isSeen, perhapsSeen, readColour, type Seen, seenWithin } from './seen-style.ts';
import { SeenSheet } from './seen-sheet.ts';

interface Open {
  tag: string;
  seen: Seen;
}

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));
const heading = /^h[1-6]$/;
const endsParagraph = set(
  'address article aside blockquote center details dialog dir div dl dt dd fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main menu nav ol p pre section summary table ul',
);
/** boxes of their own, which can have a height */
const boxes = set(
  'address article aside blockquote center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header li main nav ol p pre section ul',
);
const rows = set('tr tbody thead tfoot table');
const ofTables = set('td th tr tbody thead tfoot caption colgroup col');
const cells = set('td th caption');
const paragraphStops = set('table td th caption button object');
const listStops = set('ul ol dl table td th caption');
/** what a tag ends that is still open, and how far is looked */
const implied = new Map<string, { ends: ReadonlySet<string>; stops: ReadonlySet<string> }>([
  ['li', { ends: set('li'), stops: listStops }],
  ['dt', { ends: set('dt dd'), stops: listStops }],
  ['dd', { ends: set('dt dd'), stops: listStops }],
  ['a', { ends: set('a'), stops: cells }],
  ['button', { ends: set('button'), stops: cells }],
  ['nobr', { ends: set('nobr'), stops: cells }],
]);
const paragraph = set('p');
const deepest = 300;

/**
 * The elements that are open in a letter, and whether text there is seen. Elements whose end tag is left out end as in browsers (WHATWG HTML sections
 * 13.1.2.4 and 13.2.6): what is hidden must not seem to go on where a person reads. In doubt text is seen.
 */
export class SeenElements {
  readonly #stack: Open[] = [];
  readonly #counts = new Map<string, number>();
  readonly #sheet = new SeenSheet();
  #page = inPlainSight;
  /** what a sheet has hidden, a later one may show */
  #sheetHides = false;
  #believes: boolean;

  /** @param believes style sheets are followed */
  constructor(believes: boolean) {
    this.#believes = believes;
  }

  get isSeen(): boolean {
    return this.#stack.length >= deepest || isSeen(this.#above(true));
  }

  /** False: what was read so far may have been read wrong. */
  addSheet(css: string, attributes: ReadonlyMap<string, string>): boolean {
    const type = attributes.get('type') ?? '';
    if (!this.#believes || (type !== '' && type.toLowerCase() !== 'text/css')) return true;
    this.#sheet.add(css, !['', 'all', 'screen'].includes((attributes.get('media') ?? '').trim().toLowerCase()));
    return !this.#sheetHides;
  }

  open(tag: string, attributes: ReadonlyMap<string, string>): void {
    if (tag === 'body' || tag === 'html') {
      this.#page = this.#seen(this.#page, tag, attributes);
      return;
    }
    this.#endImplied(tag);
    if (ofTables.has(tag) && !this.#counts.get('table')) return;
    if (this.#stack.length >= deepest) return;
    const seen = this.#seen(this.#above(!ofTables.has(tag)), tag, attributes);
    this.#stack.push({ tag, seen });
    this.#count(tag, 1);
  }

  close(tag: string): void {
    if (heading.test(tag)) this.#endUpTo((one) => heading.test(one), cells);
    else if (this.#counts.get(tag)) this.#endUpTo((one) => one === tag, null);
  }

  /** What stands between the rows of a table and in no cell is drawn before the table (WHATWG HTML section 13.2.6.1). */
  #above(isNoPart: boolean): Seen {
    let at = this.#stack.length - 1;
    if (isNoPart && rows.has(this.#stack[at]?.tag ?? '')) {
      while (at >= 0 && this.#stack[at]?.tag !== 'table') at--;
      at--;
    }
    return this.#stack[at]?.seen ?? this.#page;
  }

  #seen(parent: Seen, tag: string, attributes: ReadonlyMap<string, string>): Seen {
    if (attributes.size === 0 && this.#sheet.isEmpty) return parent;
    const style = attributes.get('style') ?? '';
    let seen = parent;
    const ground = attributes.get('bgcolor');
    const colour = tag === 'font' ? attributes.get('color') : tag === 'body' ? attributes.get('text') : undefined;
    if (attributes.has('hidden') && !/display/i.test(style)) seen = { ...seen, none: true };
    if (tag === 'font' && attributes.has('size')) seen = { ...seen, tiny: false };
    if (ground !== undefined) seen = { ...seen, ground: numberOf(readColour(ground)) };
    if (attributes.has('background')) seen = { ...seen, ground: null };
    if (colour !== undefined) seen = { ...seen, colour: readColour(colour) };
    const own = declarationsOf(style);
    if (own === null) return perhapsSeen(parent);
    if (this.#sheet.isEmpty) return own.size === 0 ? seen : seenWithin(seen, own, boxes.has(tag));
    const said = this.#sheet.of(tag, attributes);
    // of several the last says all of it, whatever another hides
    const bySheet = said === null ? perhapsSeen(seen) : seenWithin(seen, new Map(said.flatMap((one) => [...one])), boxes.has(tag));
    this.#sheetHides ||= isSeen(parent) && !isSeen(bySheet);
    // an element's own style stands above the sheet's
    if (own.has('display') || own.has('opacity') || own.has('overflow')) bySheet.none = parent.none;
    return seenWithin(bySheet, own, boxes.has(tag));
  }

  #endImplied(tag: string): void {
    if (endsParagraph.has(tag) && this.#counts.get('p')) this.#endUpTo((one) => paragraph.has(one), paragraphStops);
    const found = implied.get(tag);
    if (found) this.#endUpTo((one) => found.ends.has(one), found.stops);
    else if (heading.test(tag) && heading.test(this.#stack.at(-1)?.tag ?? '')) this.close(tag);
    else if (ofTables.has(tag) && this.#counts.get('table')) this.#endToTable(tag);
  }

  /** A cell ends cells, a row rows, and so on. */
  #endToTable(tag: string): void {
    const stays = tag === 'td' || tag === 'th' ? rows : tag === 'tr' ? set('tbody thead tfoot table') : set('table');
    while (this.#stack.length > 0 && !stays.has(this.#stack.at(-1)?.tag ?? '')) this.#pop();
  }

  #endUpTo(isMeant: (tag: string) => boolean, stops: ReadonlySet<string> | null): void {
    for (let at = this.#stack.length - 1; at >= 0; at--) {
      const tag = this.#stack[at]?.tag ?? '';
      if (isMeant(tag)) {
        while (this.#stack.length > at) this.#pop();
        return;
      }
      if (stops?.has(tag)) return;
    }
  }

  #pop(): void {
    const { tag = '' } = this.#stack.pop() ?? {};
    this.#count(tag, -1);
  }

  #count(tag: string, by: number): void {
    this.#counts.set(tag, (this.#counts.get(tag) ?? 0) + by);
  }
}

const numberOf = (colour: Seen['colour']): number | null => (colour === 'clear' ? null : colour);
