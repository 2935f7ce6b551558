import {
  cascade,
  type Declarations,
  declarationsOf,
  inPlainSight,
  isDrawn,
  isSeen,
  perhapsSeen,
  type Seen,
  seenWithin,
} from './seen-style.ts';
import type { SeenSheet } from './seen-sheet.ts';

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
const aroundRows = set('tbody thead tfoot table');
const aroundParts = set('table');
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
  ['rt', { ends: set('rt rp'), stops: set('ruby') }],
  ['rp', { ends: set('rt rp'), stops: set('ruby') }],
]);
/** elements without an end tag, and what is none where text is */
const alone = set(
  'area base basefont bgsound br col colgroup embed frame frameset head hr image img input keygen link meta param source track wbr',
);
/** of these nobody knows how their letters look by what is around them: links are blue, and tables begin anew where a document has no type */
const ownColour = set('a button input mark option select table textarea');
const ownGround = set('button mark option select textarea');
const ownSize = set('button input option select table textarea');
const paragraph = set('p');
const deepest = 300;

/**
 * The elements that are open in a letter, and whether text there is seen. Elements whose end tag is left out end as in browsers (WHATWG HTML sections
 * 13.1.2.4 and 13.2.6): what is hidden must not seem to go on where a person reads. In doubt text is seen.
 */
export class SeenElements {
  readonly #stack: Open[] = [];
  readonly #counts = new Map<string, number>();
  readonly #sheet: SeenSheet;
  /** of "html" and "body", which are there where no tag says so */
  #page: Seen;
  readonly #pageTags = new Set<string>();
  /** elements of one name, with the same attributes, in the same place are seen alike: of a letter's thousand most were read before */
  readonly #known = new Map<ReadonlyMap<string, string>, Map<string, Map<Seen, Seen>>>();

  constructor(sheet: SeenSheet) {
    this.#sheet = sheet;
    this.#page = this.#seen(this.#seen(inPlainSight, 'html', new Map()), 'body', new Map());
  }

  get isSeen(): boolean {
    return this.#stack.length >= deepest || isSeen(this.#above(true));
  }

  /** Whether a picture is. */
  get isDrawn(): boolean {
    return this.#stack.length >= deepest || isDrawn(this.#above(true));
  }

  open(tag: string, attributes: ReadonlyMap<string, string>): void {
    if (tag === 'body' || tag === 'html') {
      // a second one changes nothing that the first one says
      if (!this.#pageTags.has(tag)) this.#page = this.#seen(this.#page, tag, attributes);
      this.#pageTags.add(tag);
      return;
    }
    this.#endImplied(tag);
    if (tag === 'input') this.close('select');
    if (alone.has(tag)) return;
    // there is none in itself: the inner tag is passed over, or ends it
    if ((tag === 'form' || tag === 'select') && this.#counts.get(tag)) {
      if (tag === 'select') this.close(tag);
      return;
    }
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
    const known = this.#known.get(attributes) ?? new Map<string, Map<Seen, Seen>>();
    const within = known.get(tag) ?? new Map<Seen, Seen>();
    const found = within.get(parent);
    if (found) return found;
    const seen = this.#read(parent, tag, attributes);
    this.#known.set(attributes, known.set(tag, within.set(parent, seen)));
    return seen;
  }

  #read(parent: Seen, tag: string, attributes: ReadonlyMap<string, string>): Seen {
    const hints = hintsOf(tag, attributes);
    if (attributes.size === 0 && hints.size === 0 && this.#sheet.isEmpty) return parent;
    const own = declarationsOf(attributes.get('style') ?? '');
    const { rules, isUnsure, forced } = this.#sheet.of(tag, attributes);
    if (own === null || forced.has('*')) return perhapsSeen(parent);
    const said = cascade(isUnsure ? [own] : [hints, ...rules, own]);
    for (const name of forced) said.delete(name);
    return seenWithin(isUnsure ? perhapsSeen(parent) : parent, said, boxes.has(tag));
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
    const stays = tag === 'td' || tag === 'th' ? rows : tag === 'tr' ? aroundRows : aroundParts;
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

/** What attributes and the element itself say, which any style overrides. */
function hintsOf(tag: string, attributes: ReadonlyMap<string, string>): Declarations {
  const hints = new Map<string, { value: string; isImportant: boolean }>();
  const hint = (name: string, value: string): unknown => hints.set(name, { value, isImportant: false });
  if (ownColour.has(tag)) hint('color', unknown);
  if (ownGround.has(tag)) hint('background-color', unknown);
  if (ownSize.has(tag)) hint('font-size', unknown);
  if (tag === 'datalist' || tag === 'rp') hint('display', 'none');
  if (attributes.size === 0) return hints;
  if (attributes.has('hidden')) hint('display', 'none');
  if (tag === 'font' && attributes.has('size')) hint('font-size', unknown);
  const colour = tag === 'font' ? attributes.get('color') : tag === 'body' ? attributes.get('text') : undefined;
  if (colour !== undefined) hint('color', colourOf(colour));
  const ground = attributes.get('bgcolor');
  if (ground !== undefined) hint('background-color', colourOf(ground));
  if (attributes.has('background')) hint('background-image', unknown);
  return hints;
}

const unknown = 'unknown';

/** A colour of an attribute, in CSS; what HTML makes of others (WHATWG HTML section 2.3.6) is none of paper. */
function colourOf(value: string): string {
  const [, hash = '', rest = ''] = /^\s*(#?)([a-z\d]+)\s*$/i.exec(value) ?? [];
  if (/^[\da-f]{6}$/i.test(rest) || (hash !== '' && /^[\da-f]{3}$/i.test(rest))) return `#${rest}`.toLowerCase();
  return hash === '' && /^(?:white|black)$/i.test(rest) ? rest.toLowerCase() : unknown;
}
