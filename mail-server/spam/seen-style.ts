/** What of a style decides whether text is seen, by property. */
export type Declarations = ReadonlyMap<string, string>;

const ofInterest = /display|visib|opacity|font|height|overflow|colou?r|background/i;
const property =
  /^\s{0,99}(display|visibility|opacity|font|font-size|height|max-height|overflow(?:-y)?|color|background|background-(?:color|image))\s{0,99}:\s{0,99}([\s\S]{1,300})$/i;
const important = /\s{0,9}!\s{0,9}important\s{0,99}$/i;
const declaration = /(?:[^;"'(]|"[^"]*"?|'[^']*'?|\([^)]*\)?)+/g;
/** What is written so that two readers may read two things. */
const dubious = /\\|\/\*|\((?=[^)]*["'(])/;
const longest = 4_000;
const none: Declarations = new Map();

/** The last of the most important holds. Null where two readers could read two things. */
export function declarationsOf(style: string): Declarations | null {
  if (style.length > longest || dubious.test(style)) return null;
  if (!ofInterest.test(style)) return none;
  const found = new Map<string, string>();
  const holds = new Set<string>();
  for (const [one] of style.matchAll(declaration)) {
    const [, name = '', value = ''] = property.exec(one) ?? [];
    if (name === '') continue;
    const key = name.toLowerCase() === 'overflow-y' ? 'overflow' : name.toLowerCase();
    const isImportant = important.test(value);
    if (holds.has(key) && !isImportant) continue;
    if (isImportant) holds.add(key);
    found.delete(key);
    found.set(key, value.replace(important, '').trim().toLowerCase());
  }
  return found;
}

/** How text is seen in an element. What it says of its own is passed on as CSS does: a child may be seen where its parent is not. */
export interface Seen {
  /** not drawn, with all that is in it */
  none: boolean;
  /** letters without size */
  tiny: boolean;
  invisible: boolean;
  /** red, green, blue; null: not known; 'clear': none */
  colour: number | 'clear' | null;
  ground: number | null;
}

export const inPlainSight: Seen = { none: false, tiny: false, invisible: false, colour: null, ground: 0xffffff };

/** What is said of it may be read in two ways: it is taken as seen, where all around it is. */
export const perhapsSeen = ({ none: away }: Seen): Seen => ({ none: away, tiny: false, invisible: false, colour: null, ground: null });

export const isSeen = ({ none: away, tiny, invisible, colour, ground }: Seen): boolean =>
  !(away || tiny || invisible || colour === 'clear' || (colour !== null && ground !== null && areAlike(colour, ground)));

const areAlike = (one: number, other: number): boolean =>
  [16, 8, 0].every((shift) => Math.abs(((one >> shift) & 255) - ((other >> shift) & 255)) <= 8);

/** @param isBlock only what is a box of its own can be so low that nothing is seen of it */
export function seenWithin(parent: Seen, said: Declarations, isBlock: boolean): Seen {
  const seen = { ...parent };
  const display = said.get('display');
  const boxed = display === undefined ? isBlock : /^(?:inline-)?(?:block|flex|grid)$/.test(display);
  const isLow = [said.get('height'), said.get('max-height')].some((height) => height !== undefined && /^0(?:px|pt|em|%)?$/.test(height));
  if (display === 'none' || (isLow && boxed && /^(?:hidden|clip)/.test(said.get('overflow') ?? ''))) seen.none = true;
  if (Number.parseFloat(said.get('opacity') ?? '1') < 0.05) seen.none = true;
  const visibility = said.get('visibility');
  if (visibility !== undefined)
    seen.invisible = visibility === 'hidden' || visibility === 'collapse' || (visibility === 'inherit' && seen.invisible);
  for (const [name, value] of said) {
    if (name === 'font-size' || name === 'font') seen.tiny = isTiny(name === 'font' ? sizeOf(value) : value, seen.tiny);
    else if (name === 'color') seen.colour = readColour(value);
    else if (name === 'background' || name === 'background-color') {
      const ground = readColour(value);
      if (ground !== 'clear') seen.ground = ground;
    } else if (name === 'background-image' && value !== 'none') seen.ground = null;
  }
  return seen;
}

const sizeOf = (font: string): string => /(?:^|\s)([\d.]{1,9}[a-z%]{0,4})(?=\/|\s)/.exec(font)?.[1] ?? 'inherit';

/** Of sizes that follow the parent's, those of nothing are nothing. */
function isTiny(size: string, parentIs: boolean): boolean {
  const [, number = '', unit = ''] = /^([\d.]{1,9})([a-z%]{0,4})$/.exec(size) ?? [];
  if (number === '') return parentIs && /^(?:inherit|unset|smaller|larger)$/.test(size);
  if (Number(number) === 0) return true;
  return unit === 'em' || unit === '%' || unit === 'ex' ? parentIs : (unit === 'px' || unit === 'pt') && Number(number) <= 1;
}

const named = new Map([
  ['white', 0xffffff],
  ['black', 0],
]);

/** "#fff", "white", "rgb(255, 255, 255)", and as HTML writes them ("ffffff"). */
export function readColour(value: string): Seen['colour'] {
  const text = value.trim().toLowerCase();
  if (text === 'transparent' || /^rgba\(.{1,40}[,/]\s?0(?:\.0{1,5})?%?\s?\)$/.test(text)) return 'clear';
  const known = named.get(text);
  if (known !== undefined) return known;
  const [, hex] = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/.exec(text) ?? [];
  if (hex !== undefined) return Number.parseInt(hex.length === 3 ? hex.replace(/./g, '$&$&') : hex, 16);
  const [, red, green, blue] = /^rgb\(\s?(\d{1,3})[, ]\s?(\d{1,3})[, ]\s?(\d{1,3})\s?\)$/.exec(text) ?? [];
  return blue === undefined ? null : (Number(red) << 16) | (Number(green) << 8) | Number(blue);
}
