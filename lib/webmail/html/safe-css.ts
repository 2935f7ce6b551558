import { type CssNodePlain, parse, toPlainObject, type ValuePlain } from 'css-tree';
import { bothSchemes, type Colour, type ColourUse, hexColour, namedColour, writeColour } from './css-colour.ts';
import { type CssDeclaration, type CssRule, parseDeclarations, parseStyleSheet } from './css-syntax.ts';
import type { CssVariables } from './css-variables.ts';
import { functionOfColours, isColourFunction } from './read-colour.ts';
import { safeSelectors } from './safe-selector.ts';
import { allowedValue, isAllowedProperty } from './safe-properties.ts';

export interface CssOptions {
  /** stands before every class and id, and (as a class) above everything of this part */
  scope: string;
  /** as of Scope */
  belowPage?: boolean;
  /** names that begin so already are ours */
  ours?: boolean;
  /** with what a colour becomes in the dark */
  dark: boolean;
  /** address of a picture, or null while it may not be loaded */
  picture: (url: string) => string | null;
  /** custom properties of the letter */
  variables?: CssVariables;
  /** is told each rule of a sheet that was written, and in how many forms */
  onRule?: (selectors: readonly string[], declarations: string, forms: number) => void;
}

/**
 * CSS of letters, rebuilt: known properties, values read and written anew by their parts, never copied. What is not understood costs its
 * own declaration or its own selector and nothing else. Written as an allow list, because each bypass of other webmails was one more thing
 * that a block list had forgotten.
 */
export function safeStyleAttribute(style: string, options: CssOptions): string {
  if (style.length > longestAttribute) return '';
  // letters say the same again and again
  const key = style.length <= longestRemembered && !saysElsewhere(style) ? `${options.dark ? 'both' : 'light'} ${style}` : null;
  const known = key === null ? undefined : remembered.get(key);
  if (known !== undefined) return known;
  const declarations = parseDeclarations(style);
  if (style.includes('--')) options.variables?.inherit(declarations);
  const written = writeDeclarations(declarations, options);
  if (key !== null && remembered.size < mostRemembered) remembered.set(key, written);
  return written;
}

/** A style may say something else elsewhere: what may fetch a picture is counted each time, and a custom property is the letter's own. */
export const saysElsewhere = (style: string): boolean => /url|--|\\/i.test(style);

const remembered = new Map<string, string>();
const mostRemembered = 2000;
const longestRemembered = 500;

/** A style element, to be put into one of ours: no "<" comes out. */
export function safeStyleSheet(css: string, options: CssOptions): string {
  const rules = parseStyleSheet(css.slice(0, longestSheet));
  options.variables?.learn(rules);
  return writeRules(rules, options).replaceAll('<', '\\3c ');
}

const longestAttribute = 20_000;
const longestSheet = 500_000;

function writeRules(rules: readonly CssRule[], options: CssOptions, inMedia = false): string {
  let css = '';
  for (const rule of rules) {
    if (rule.kind === 'style') {
      const selectors = safeSelectors(rule.selector, options);
      const declarations = selectors.length > 0 && writeDeclarations(rule.declarations, options);
      if (!declarations) continue;
      const narrower = options.dark && !inMedia ? whereNarrow(selectors, declarations) : '';
      options.onRule?.(selectors, declarations, narrower ? 3 : 1);
      css += `${selectors.join(',')}{${declarations}}${narrower}`;
    } else if (rule.name === 'media') css += writeMedia(rule.prelude, writeRules(rule.rules, options, true));
    else if (rule.name === 'supports') css += writeSupports(rule.prelude, writeRules(rule.rules, options, inMedia));
    else if (rule.name === 'layer') css += writeRules(rule.rules, options, inMedia);
    // What Thunderbird quotes has its sheets in a scope without a name: the place where they stand. Sheets are gathered here, so it is the letter.
    else if (rule.name === 'scope' && rule.prelude === '') css += writeRules(rule.rules, { ...options, belowPage: true }, inMedia);
  }
  return css;
}

/** What is wider than a telephone gives way in a narrow window, as what says so in an attribute does (app/api/mail/frame). */
function whereNarrow(selectors: readonly string[], declarations: string): string {
  const important = /width:[^;]{1,40} !important/.test(declarations) ? ' !important' : '';
  const rule = (window: number, whose: readonly string[], fits: readonly string[]): string =>
    `@media (max-width:${window}px){${whose.join(',')}{${fits.map((one) => one + important).join(';')}}}`;
  const [, width = ''] = least.exec(declarations) ?? [];
  const [, widest = ''] = most.exec(declarations) ?? [];
  if (Number(width) > narrow || (full.test(declarations) && padded.test(declarations))) {
    const limit = widest === '' && width !== '' ? [`max-width:${width}px`] : [];
    // a cell that took all of the row would leave its neighbours nothing: it gives way as one with an attribute does
    const others = rule(700, which(selectors, ':not(td,th)'), ['width:100%', 'min-width:0', 'box-sizing:border-box', ...limit]);
    return Number(width) > narrow
      ? others + rule(480, which(selectors, ':is(td,th):not(:only-child)'), ['width:auto', 'min-width:0'])
      : others;
  }
  // in a window as wide as that its place is no wider
  return Number(widest) > narrow ? rule(Number(widest), selectors, ['max-width:100%']) : '';
}

/** Of what the selectors mean that which is so too; they weigh what they weighed, so that what the letter says later of narrow windows holds. */
const which = (selectors: readonly string[], so: string): string[] => selectors.map((selector) => `${selector}:where(${so})`);
const narrow = 320;
const least = /(?:^|;)(?:min-)?width:(\d{3,5})(?:\.\d{1,9})?px/;
const most = /(?:^|;)max-width:(\d{3,5})(?:\.\d{1,9})?px/;
const full = /(?:^|;)width:100%/;
const padded = /(?:^|;)padding/;

/**
 * Rules for the dark are left out: the reader says which it is, and colours are brought there anyhow. Those that ask for a height too: the
 * frame is as high as its letter, which would then change with its own height and back again.
 */
function writeMedia(prelude: string, inner: string): string {
  if (inner === '' || prelude.length > 300 || !/^[a-z0-9\s():,.>=/-]+$/i.test(prelude)) return '';
  if (/dark|inverted|forced|height|orientation|aspect/i.test(prelude) || swallows.test(prelude)) return '';
  const rest = prelude
    .split(',')
    .map(withoutScheme)
    .filter((query) => query !== null);
  if (rest.includes('')) return inner;
  return rest.length === 0 ? '' : `@media ${rest.join(',').replace(/\s+/g, ' ')}{${inner}}`;
}

/** Whoever asks for the light gets it; what he asks for besides stays asked. Null for the dark. */
function withoutScheme(query: string): string | null {
  const rest = query
    .trim()
    .replace(/(^|\sand\s+)\(\s*prefers-color-scheme\s*(:[^)]*)?\)/gi, '')
    .replace(/^\s*and\s/i, '')
    .trim();
  if (!/prefers-color-scheme/i.test(rest)) return rest;
  // "not the light", and "this or the light", which is always
  return /^not\b/i.test(rest) ? null : '';
}

/** What it asks for is a declaration or several: the browser alone knows, and nothing of it is used. */
const writeSupports = (prelude: string, inner: string): string =>
  inner === '' || prelude.length > 300 || !/^[a-z0-9\s():,.#%-]+$/i.test(prelude) || swallows.test(prelude)
    ? ''
    : `@supports ${prelude.replace(/\s+/g, ' ')}{${inner}}`;

/** An address without its end takes brackets of the sheet around it. It may be written with a comment inside, which was left out. */
const swallows = /url\(/i;

function writeDeclarations(given: readonly CssDeclaration[], options: CssOptions): string {
  const kept: string[] = [];
  const declarations = given.slice(0, mostDeclarations);
  for (const { property, value, important } of declarations) {
    if (!isAllowedProperty(property)) continue;
    const said = property === 'display' && /^inherit$/i.test(value.trim()) ? 'revert' : value;
    const whole = /var\(/i.test(said) ? (options.variables?.resolve(said, declarations) ?? null) : said;
    const written = whole === null ? null : writeValue(property, whole, options);
    if (written) kept.push(`${property}:${written}${important ? ' !important' : ''}`);
  }
  const css = kept.join(';');
  return outOfSight.test(css) && declarations.some(isLifted) ? `${css};display:inline-block` : css;
}

/**
 * What stands apart has its width and height whatever element it is (CSS 2.2 section 9.7). Here it stands in the text, where only a box has
 * them: a word that is for screen readers alone would be seen by all.
 */
const outOfSight = /^(?=.*(?:^|;)width:[01]px)(?=.*(?:^|;)height:[01]px)(?=.*(?:^|;)overflow:(?:hidden|clip))(?!.*(?:^|;)display:)/;
const isLifted = ({ property, value }: CssDeclaration): boolean => property === 'position' && /^(absolute|fixed)$/i.test(value);

const mostDeclarations = 500;

/** The value written anew, or null if something in it is not understood. */
export function writeValue(property: string, value: string, options: CssOptions): string | null {
  let tree: CssNodePlain;
  try {
    tree = toPlainObject(parse(value, { context: 'value', onParseError: refuse }));
    const pieces = (tree as ValuePlain).children
      .map((node) => writeNode(node, new Place(property, options)))
      .filter((piece) => piece !== '');
    const written = pieces.join(' ').replace(/ ?, ?/g, ',');
    return allowedValue(property, written) ? written : null;
  } catch (error) {
    // the stack of a value of a thousand brackets, or what we refuse
    if (error instanceof NotUnderstood || error instanceof RangeError || error instanceof SyntaxError) return null;
    if (error instanceof Error && error.name === 'SyntaxError') return null;
    throw error;
  }
}

class NotUnderstood extends Error {}
function refuse(): never {
  throw new NotUnderstood();
}

class Place {
  readonly property: string;
  readonly options: CssOptions;

  constructor(property: string, options: CssOptions) {
    this.property = property;
    this.options = options;
  }

  colour(colour: Colour | null): string {
    if (!colour) return refuse();
    return this.options.dark ? bothSchemes(colour, usedFor(this.property)) : writeColour(colour);
  }
}

const usedFor = (property: string): ColourUse =>
  property.startsWith('background') ? 'background' : /border|shadow|outline|rule/.test(property) ? 'border' : 'text';

function writeNode(node: CssNodePlain, place: Place): string {
  switch (node.type) {
    case 'Identifier':
      return writeWord(node.name, place);
    case 'Hash':
      return place.colour(hexColour(node.value));
    case 'Number':
      return Math.abs(Number(node.value)) > mostPixels ? refuse() : node.value;
    case 'Percentage':
      return Math.abs(Number(node.value)) > 1000 ? refuse() : `${node.value}%`;
    case 'Dimension':
      return writeDimension(Number(node.value), node.unit.toLowerCase(), place);
    case 'Operator':
      return /^[,/+*-]$/.test(node.value.trim()) ? node.value.trim() : refuse();
    case 'String':
      return place.property.startsWith('font') ? writeString(node.value) : refuse();
    case 'Url':
      return writePicture(node.value, place);
    case 'Function':
      return writeFunction(node.name.toLowerCase(), node.children, place);
    case 'Parentheses':
      return `(${node.children.map((child) => writeNode(child, place)).join(' ')})`;
    case 'WhiteSpace':
      return '';
    default:
      return refuse();
  }
}

function writeWord(word: string, place: Place): string {
  const colour = takesColours.test(place.property) ? namedColour(word) : null;
  if (colour) return place.colour(colour);
  // behind a text of its own colour no other colour could be read either
  if (place.property.startsWith('background') && /^currentcolor$/i.test(word)) return refuse();
  return /^-?[a-z_][\w-]{0,60}$/i.test(word) ? word : refuse();
}

const takesColours = /color|background|border|shadow|decoration|outline|rule/;
const writeString = (text: string): string => `"${text.replace(/[^\p{L}\p{N} .,_-]/gu, '').slice(0, 100)}"`;

const mostPixels = 20_000;
const plainUnits = new Set(['px', 'pt', 'pc', 'in', 'cm', 'mm', 'em', 'ex', 'ch', 'rem', 'q', 'deg', 'turn', 'rad', 'fr', 's', 'ms']);
const viewportWidth = /^([sld]?v(w|i))$/;

/** The frame is as high as its letter, so a height by the height of the window would make both grow for ever; widths become shares. */
function writeDimension(value: number, unit: string, { property }: Place): string {
  if (!Number.isFinite(value)) return refuse();
  // as round as can be
  if (property.endsWith('radius') && value > mostPixels) return `${mostPixels}px`;
  if (Math.abs(value) > mostPixels) return refuse();
  if (plainUnits.has(unit)) return `${value}${unit}`;
  if (!viewportWidth.test(unit)) return refuse();
  return /width|margin|padding/.test(property) ? `${value}%` : property.startsWith('font') ? `${Math.round(value * 6)}px` : refuse();
}

function writePicture(url: string, place: Place): string {
  if (place.property !== 'background' && place.property !== 'background-image') return refuse();
  const address = place.options.picture(url);
  // the colour beside it stays
  if (address === null) return place.property === 'background' ? '' : refuse();
  return `url("${withinUrl(address)}")`;
}

/** An address between the quotation marks of url(): nothing in it ends them, or the sheet. */
export const withinUrl = (address: string): string =>
  address.replace(/["\\\s<>]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);

const gradients = /^(-webkit-)?(repeating-)?(linear|radial|conic)-gradient$/;
const sums = /^(calc|min|max|clamp)$/;

function writeFunction(name: string, children: readonly CssNodePlain[], place: Place): string {
  if (isColourFunction(name)) return place.colour(functionOfColours(name, children));
  if (name === 'repeat' || name === 'minmax') return writeTracks(name, children, place);
  if (!gradients.test(name) && !sums.test(name)) return refuse();
  if (gradients.test(name) && !place.property.startsWith('background')) return refuse();
  return `${name}(${children.map((child) => writeNode(child, place)).join(' ')})`;
}

/** Columns of a grid; not by the thousand. */
function writeTracks(name: string, children: readonly CssNodePlain[], place: Place): string {
  const [first] = children;
  if (!place.property.startsWith('grid-template')) return refuse();
  if (name === 'repeat' && first?.type === 'Number' && Number(first.value) > mostTracks) return refuse();
  return `${name}(${children.map((child) => writeNode(child, place)).join(' ')})`;
}
const mostTracks = 50;
