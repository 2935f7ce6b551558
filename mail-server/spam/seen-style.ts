/** What of a style decides whether text is seen, by property. */
export type Declarations = ReadonlyMap<string, { value: string; isImportant: boolean }>;

const ofInterest =
  /display|visib|opacity|font|height|padding|position|overflow|colou?r|background|all|text|filter|blend|zoom|transform|scale|animation/i;
const property =
  /^\s{0,99}(display|visibility|opacity|font|font-size|(?:max-|min-)?height|padding(?:-top|-bottom)?|position|overflow(?:-y)?|color|background|background-(?:color|image)|all|(?:-webkit-)?background-clip|text-shadow|-webkit-text-(?:fill|stroke)[a-z-]{0,9}|filter|mix-blend-mode|zoom|(?:-webkit-)?transform|scale|(?:-webkit-)?animation(?:-name)?)\s{0,99}:\s{0,99}([\s\S]{1,300})$/i;
const important = /\s{0,9}!\s{0,9}important\s{0,99}$/i;
const declaration = /(?:[^;"'(]|"[^"]*"?|'[^']*'?|\([^)]*\)?)+/g;
/** What is written so that two readers may read two things; blanks of other alphabets are none in a style. */
const dubious = /[\\{}[\]]|\/\*|\((?=[^)]*["'(])|[^\S \t\n\r\f]/;
const wholeStrings = /"[^"\n\r\f]*"|'[^'\n\r\f]*'/g;
const longest = 4_000;
const none: Declarations = new Map();

/** The last of the most important holds. Null where two readers could read two things. */
export function declarationsOf(style: string): Declarations | null {
  if (style.length > longest || dubious.test(style) || /["']/.test(style.replace(wholeStrings, ''))) return null;
  if (!ofInterest.test(style)) return none;
  const found = new Map<string, { value: string; isImportant: boolean }>();
  for (const [one] of style.matchAll(declaration)) {
    const [, name = '', value = ''] = property.exec(one) ?? [];
    if (name === '') continue;
    const key = name
      .toLowerCase()
      .replace('-webkit-', '')
      .replace(/^overflow-y$/, 'overflow');
    if (key === 'all') return null;
    const isImportant = important.test(value);
    if (found.get(key)?.isImportant && !isImportant) continue;
    found.delete(key);
    found.set(key, { value: value.replace(important, '').trim().toLowerCase(), isImportant });
  }
  return found;
}

/** What holds of several, the stronger behind the weaker: what is important stands above all that is not. */
export function cascade(all: readonly Declarations[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const isImportant of [false, true])
    for (const said of all)
      for (const [name, one] of said) {
        if (one.isImportant !== isImportant) continue;
        found.delete(name);
        found.set(name, one.value);
      }
  return found;
}

/** How text is seen in an element. What it says of its own is passed on as CSS does: a child may be seen where its parent is not. */
export interface Seen {
  /** not drawn, with all that is in it */
  none: boolean;
  /** in a box without height that lets nothing out */
  clipped: boolean;
  invisible: boolean;
  /** of letters, in pixels */
  size: number;
  /** drawn larger or smaller than their size says */
  scaled: boolean;
  /** red, green, blue; null: not known; 'clear': none */
  colour: number | 'clear' | null;
  ground: number | null;
  /** letters are seen by more than their colour, or in another */
  shadowed: boolean;
}

const usual = 16;
const doubtful = { invisible: false, size: usual, scaled: false, colour: null, shadowed: false };
export const inPlainSight: Seen = { ...doubtful, none: false, clipped: false, ground: 0xffffff };

/** What is said of it may be read in two ways: it is taken as seen, where all around it is. */
export const perhapsSeen = ({ none: away, clipped }: Seen): Seen => ({ ...doubtful, none: away, clipped, ground: null });

/** Pictures too. */
export const isDrawn = ({ none: away, clipped }: Seen): boolean => !(away || clipped);

export function isSeen(seen: Seen): boolean {
  const { invisible, size, scaled, colour, ground, shadowed } = seen;
  if (!isDrawn(seen) || invisible || size === 0 || (size < 2 && !scaled)) return false;
  return shadowed || !(colour === 'clear' || (colour !== null && ground !== null && areAlike(colour, ground)));
}

const areAlike = (one: number, other: number): boolean =>
  [16, 8, 0].every((shift) => Math.abs(((one >> shift) & 255) - ((other >> shift) & 255)) <= 8);

/** @param isBlock only what is a box of its own can be so low that nothing is seen of it */
export function seenWithin(parent: Seen, said: ReadonlyMap<string, string>, isBlock: boolean): Seen {
  if (said.size === 0) return parent;
  if (said.has('animation') || said.has('animation-name')) return { ...perhapsSeen(parent), shadowed: true };
  const seen = { ...parent };
  const display = said.get('display');
  if (display === 'none' || isFaint(said.get('opacity') ?? '')) seen.none = true;
  if (/^(?:absolute|fixed)$/.test(said.get('position') ?? '')) seen.clipped = false;
  const boxed = display === undefined ? isBlock : /^(?:inline-)?(?:block|flex|grid)$/.test(display);
  if (boxed && isLow(said)) seen.clipped = true;
  const visibility = said.get('visibility');
  if (visibility !== undefined)
    seen.invisible = visibility === 'hidden' || visibility === 'collapse' || (/^(?:inherit|unset)$/.test(visibility) && seen.invisible);
  for (const [name, value] of said) {
    if (name === 'font-size' || name === 'font') seen.size = readSize(name === 'font' ? sizeOf(value) : value, parent.size);
    else if (name === 'color') seen.colour = readColour(value);
    else if (name === 'background' || name === 'background-color') {
      const ground = readColour(value);
      if (ground !== 'clear') seen.ground = ground;
    } else if (name === 'background-image' && value !== 'none') seen.ground = null;
    else if (/^(?:zoom|transform|scale)$/.test(name)) seen.scaled = true;
    else if (/^(?:text-|filter|mix-)/.test(name) || (name === 'background-clip' && value === 'text')) seen.shadowed ||= value !== 'none';
  }
  return seen;
}

function isFaint(opacity: string): boolean {
  const [, number, percent] = /^(\d{1,3}(?:\.\d{0,9})?|\.\d{1,9})(%?)$/.exec(opacity) ?? [];
  return number !== undefined && Number(number) < (percent === '%' ? 5 : 0.05);
}

/** Of what has a height of nothing, text is seen where it stands in a padding or is let out. */
const isLow = (said: ReadonlyMap<string, string>): boolean =>
  ['height', 'max-height'].some((name) => /^0(?:px|pt|em)?$/.test(said.get(name) ?? '')) &&
  /^hidden/.test(said.get('overflow') ?? '') &&
  ['min-height', 'padding', 'padding-top', 'padding-bottom'].every((name) => !/[1-9(]/.test(said.get(name) ?? ''));

const sizeOf = (font: string): string =>
  /^(?:(?:[a-z-]{1,20}|[1-9]00)\s{1,9}){0,4}([\d.]{1,9}[a-z%]{0,4})(?:\s?\/\s?[\w.%]{1,12})?\s[^/]{1,200}$/.exec(font)?.[1] ?? 'medium';

const pixels = new Map([
  ['px', 1],
  ['pt', 4 / 3],
  ['rem', usual],
]);
const relative = new Map([
  ['em', 1],
  ['%', 0.01],
  ['ex', 0.5],
]);

function readSize(size: string, parent: number): number {
  if (/^(?:inherit|unset|smaller|larger)$/.test(size)) return parent;
  const [, digits = '', unit = ''] = /^(\d{1,4}(?:\.\d{0,9})?|\.\d{1,9})([a-z%]{0,4})$/.exec(size) ?? [];
  const number = digits === '' ? Number.NaN : Number(digits);
  if (number === 0 && unit === '') return 0;
  const factor = pixels.get(unit) ?? (relative.get(unit) ?? Number.NaN) * parent;
  return Number.isNaN(number * factor) ? usual : number * factor;
}

const named = new Map([
  ['white', 0xffffff],
  ['black', 0],
]);

/** "#fff", "white", "rgb(255, 255, 255)" */
export function readColour(value: string): Seen['colour'] {
  if (value === 'transparent' || /^rgba\(.{1,40}[,/]\s?0(?:\.0{1,5})?%?\s?\)$/.test(value)) return 'clear';
  const known = named.get(value);
  if (known !== undefined) return known;
  const [, hex] = /^#([0-9a-f]{6}|[0-9a-f]{3})$/.exec(value) ?? [];
  if (hex !== undefined) return Number.parseInt(hex.length === 3 ? hex.replace(/./g, '$&$&') : hex, 16);
  const [, red, green, blue] = /^rgb\(\s?(\d{1,3})[, ]\s?(\d{1,3})[, ]\s?(\d{1,3})\s?\)$/.exec(value) ?? [];
  return blue === undefined ? null : (Number(red) << 16) | (Number(green) << 8) | Number(blue);
}
