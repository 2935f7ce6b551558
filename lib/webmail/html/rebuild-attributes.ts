import { attributeColour, bothSchemes, type Colour, type ColourUse, writeColour } from './css-colour.ts';
import { escapeHtml } from './escape-html.ts';
import { isAllowedAttribute } from './html-tags.ts';
import type { Attributes } from './read-html.ts';
import { type Scope, scopedName } from './safe-selector.ts';
import { type CssOptions, safeStyleAttribute, writeValue } from './safe-css.ts';
import { parseUrl } from '../../addresses/parse-url.ts';

/** The attributes of one element that may stay, written, with a blank before each. Colours and backgrounds of old HTML become CSS. */
export function rebuildAttributes(tag: string, attributes: Attributes, css: CssOptions, base: string | null = null): string {
  let written = '';
  for (const [name, value] of attributes) {
    if (name === 'class') written += classes(value, css);
    else if (name === 'id' || (name === 'name' && (tag === 'a' || tag === 'map'))) written += place(name, value, css);
    else if (name === 'usemap' && tag === 'img') written += mapName(value, css);
    else if (isAllowedAttribute(tag, name) && value.length <= 2000) written += ` ${name}="${escapeHtml(value)}"`;
  }
  // for showing, not for sending
  const wide = css.dark ? wideness(tag, attributes) : null;
  if (wide !== null) written += ` data-wide="${tag === 'img' && wide >= 560 ? 'very' : ''}"`;
  const style = wide && tag !== 'img' ? [`--wide:${wide}px`] : [];
  const own = css.dark && tag === 'img' ? ownWidth(attributes) : 0;
  if (own >= leastOwn) style.push(`--own:${own}px`);
  for (const [property, value] of hintsOf(tag, attributes, css)) {
    if (css.dark) style.push(`--hint-${property}:${value}`);
    else if (property === 'background-color' && cells.has(tag) && value.startsWith('#')) written += ` bgcolor="${value}"`;
    else style.push(`${property}:${value}`);
  }
  style.push(styleOf(tag, attributes, css));
  const declarations = style.filter(Boolean).join(';');
  if (declarations) written += ` style="${escapeHtml(declarations)}"`;
  if (tag === 'a' || tag === 'area') written += link(attributes.get('href'), css, base);
  return written;
}

/** How wide it asks to be, if that is wider than a telephone; 0 where it outgrows what it stands in. Such gives way in a narrow window. */
function wideness(tag: string, attributes: Attributes): number | null {
  if (!giveWay.has(tag)) return null;
  const style = (attributes.get('style') ?? '').slice(0, 2000);
  // a picture has the width of its place at most, unless its author allows it another
  if (tag === 'img') return above(mostWidth.exec(style)?.[1]);
  const width = Number(leastWidth.exec(style)?.[1] ?? pixels(attributes.get('width')) ?? 0);
  if (width > narrow) return tag === 'td' || tag === 'th' ? 0 : width;
  return tag === 'div' && fullWidth.test(style) && /padding|border/i.test(style) ? 0 : null;
}
const narrow = 320;
const above = (width: string | undefined): number | null => (Number(width) > narrow ? Number(width) : null);
const giveWay = new Set('table td th div p a center section h1 h2 h3 blockquote ul ol img'.split(' '));
const leastWidth = /(?:^|;)\s{0,20}(?:min-)?width\s{0,20}:\s{0,20}(\d{3,5})(?:\.\d+)?px/i;
const mostWidth = /(?:^|;)\s{0,20}max-width\s{0,20}:\s{0,20}(\d{3,5})(?:\.\d+)?px/i;
const fullWidth = /(?:^|;)\s{0,20}width\s{0,20}:\s{0,20}100%/i;

const pixels = (value: string | undefined): number | null => {
  const found = /^\s*(\d{1,5})(px)?\s*$/i.exec(value ?? '')?.[1];
  return found === undefined ? null : Number(found);
};

/** A picture beside long words in a table would lose all its width to them: in a narrow window it keeps some of this. What is less than a sign draws lines. */
const ownWidth = (attributes: Attributes): number =>
  Math.min(pixels(attributes.get('width')) ?? 0, Number(styledWidth.exec((attributes.get('style') ?? '').slice(0, 2000))?.[1] ?? Infinity));
const styledWidth = /(?:^|;)\s{0,20}width\s{0,20}:\s{0,20}(\d{1,5})/i;
const leastOwn = 16;

const mostNames = 50;

function classes(value: string, scope: Scope): string {
  const kept = value
    .split(/\s+/)
    .filter((word) => word !== '' && word.length <= 100)
    .slice(0, mostNames);
  return kept.length === 0 ? '' : ` class="${kept.map((word) => escapeHtml(scopedName(word, scope))).join(' ')}"`;
}

/** An id with a blank in it is one that no style sheet means, and a link may. */
function place(attribute: 'id' | 'name', value: string, scope: Scope): string {
  const name = value.trim();
  return name === '' || name.length > 100 ? '' : ` ${attribute}="${escapeHtml(scopedName(name, scope))}"`;
}

const mapName = (value: string, scope: Scope): string =>
  /^#\S{1,100}$/.test(value) ? ` usemap="#${escapeHtml(scopedName(value.slice(1), scope))}"` : '';

/**
 * What old HTML says of looks in attributes, and where it means something (WHATWG HTML section 15.3). It gives way to each rule of a style sheet:
 * so where the letter is shown it is no style, but what rules of ours before all others ask for (components/mail/frame/letter-style.ts), and
 * where it is sent on, a cell keeps its colour as an attribute.
 */
const cells = new Set('table thead tbody tfoot tr td th'.split(' '));
const hints: readonly { name: string; property: string; use: ColourUse; tags: ReadonlySet<string> }[] = [
  { name: 'bgcolor', property: 'background-color', use: 'background', tags: new Set([...cells, 'body']) },
  { name: 'text', property: 'color', use: 'text', tags: new Set(['body']) },
  { name: 'color', property: 'color', use: 'text', tags: new Set(['font', 'hr']) },
  { name: 'bordercolor', property: 'border-color', use: 'border', tags: new Set(['table']) },
];

function hintsOf(tag: string, attributes: Attributes, css: CssOptions): [property: string, value: string][] {
  const found: [string, string][] = [];
  for (const { name, property, use, tags } of hints) {
    const colour = tags.has(tag) ? attributeColour(attributes.get(name) ?? '') : null;
    if (colour) found.push([property, write(colour, use, css)]);
  }
  const picture = cells.has(tag) || tag === 'body' ? attributes.get('background') : undefined;
  if (picture !== undefined) {
    const written = writeValue('background-image', `url("${picture.replace(/["\\\s]/g, encodeURIComponent)}")`, css);
    if (written) found.push(['background-image', written]);
  }
  return found;
}

function styleOf(tag: string, attributes: Attributes, css: CssOptions): string {
  const style = attributes.get('style');
  const pieces = tag === 'img' && css.dark ? [shapeOf(attributes, style)] : [];
  // who hides all of a letter means programs that are shown it by a script
  if (style)
    pieces.push(tag === 'body' || tag === 'html' ? safeStyleAttribute(style, css).replace(hides, '$1') : safeStyleAttribute(style, css));
  return pieces.filter(Boolean).join(';');
}

const hides = /(^|;)(?:display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?)(?: !important)?(?=;|$)/g;

/** Both sides in pixels are the picture's shape, also where it has to be narrower: those who stretch a pixel mean it. */
function shapeOf(attributes: Attributes, style: string | undefined): string {
  const [width, height] = [pixels(attributes.get('width')), pixels(attributes.get('height'))];
  return width && height && !/height/i.test(style ?? '') ? `aspect-ratio:${width}/${height}` : '';
}

const write = (colour: Colour, use: ColourUse, css: CssOptions): string => (css.dark ? bothSchemes(colour, use) : writeColour(colour));

/** Only absolute addresses: a relative one would lead into our own pages. A place in the letter stays a place in the letter. */
function link(href: string | undefined, scope: Scope, base: string | null): string {
  // browsers drop these before they read the address
  const given = (href ?? '').replace(/[\t\r\n]/g, '').trim();
  if (given === '' || given.length > 8000) return '';
  if (/^#.{1,200}$/.test(given)) return ` href="#${escapeHtml(scopedName(given.slice(1), scope))}"`;
  const address = absolute(given, base);
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(address)) return '';
  return ` href="${escapeHtml(address)}" target="_blank" rel="noopener noreferrer nofollow"`;
}

function absolute(given: string, base: string | null): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(given)) return given;
  if (given.startsWith('//')) return `https:${given}`;
  if (/^www\.[^\s/]+\.[a-z]/i.test(given)) return `http://${given}`;
  return base === null ? '' : (parseUrl(given, base)?.href ?? '');
}
