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
    if (name === 'class') written += names('class', value, css);
    else if (name === 'id') written += names('id', value.trim().split(/\s/)[0] ?? '', css);
    else if (name === 'name' && (tag === 'a' || tag === 'map')) written += names('name', value.trim().split(/\s/)[0] ?? '', css);
    else if (name === 'usemap' && tag === 'img') written += mapName(value, css);
    else if (isAllowedAttribute(tag, name) && value.length <= 2000) written += ` ${name}="${escapeHtml(value)}"`;
  }
  // for showing, not for sending
  const wide = css.dark ? wideness(tag, attributes) : null;
  if (wide !== null) written += ` data-wide="${tag === 'img' && wide >= 560 ? 'very' : ''}"`;
  const style = [wide && tag !== 'img' ? `--wide:${wide}px` : '', styleOf(tag, attributes, css)].filter(Boolean).join(';');
  if (style) written += ` style="${escapeHtml(style)}"`;
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

const mostNames = 50;

function names(attribute: 'class' | 'id' | 'name', value: string, scope: Scope): string {
  const kept = value
    .split(/\s+/)
    .filter((word) => word !== '' && word.length <= 100)
    .slice(0, mostNames);
  return kept.length === 0 ? '' : ` ${attribute}="${kept.map((word) => escapeHtml(scopedName(word, scope))).join(' ')}"`;
}

const mapName = (value: string, scope: Scope): string =>
  /^#\S{1,100}$/.test(value) ? ` usemap="#${escapeHtml(scopedName(value.slice(1), scope))}"` : '';

/** What the sender wrote as attributes comes first: a style beside it says it better. */
function styleOf(tag: string, attributes: Attributes, css: CssOptions): string {
  const pieces: string[] = [];
  const colour = (name: string, property: string, use: ColourUse): void => {
    const found = attributeColour(attributes.get(name) ?? '');
    if (found) pieces.push(`${property}:${write(found, use, css)}`);
  };
  if (attributes.has('bgcolor')) colour('bgcolor', 'background-color', 'background');
  if (attributes.has('background')) {
    const picture = writeValue(
      'background-image',
      `url("${(attributes.get('background') ?? '').replace(/["\\\s]/g, encodeURIComponent)}")`,
      css,
    );
    if (picture) pieces.push(`background-image:${picture}`);
  }
  if (tag === 'body') colour('text', 'color', 'text');
  if (tag === 'font' || tag === 'hr') colour('color', 'color', 'text');
  if (attributes.has('bordercolor')) colour('bordercolor', 'border-color', 'border');
  const style = attributes.get('style');
  if (tag === 'img' && css.dark) pieces.push(shapeOf(attributes, style));
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
  if (/^#\S{1,200}$/.test(given)) return ` href="#${escapeHtml(scopedName(given.slice(1), scope))}"`;
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
