import type { CarriedBlock } from '#lib/webmail/writing/letter.ts';
import { placeOf } from '#lib/webmail/writing/letter-html.ts';
import { mostElements } from './beginning-of.ts';
import { wordTable } from '../../../lib/mime/word-table.ts';

/** HTML as the editor would give it back. */
type RoundTrip = (html: string) => string;

/**
 * A draft, cut into what the editor holds without loss and what it does not: that is carried as it is. Judged by what comes out again, so that
 * nothing needs to be known of the program that wrote it.
 */
export function withCarriedBlocks(
  html: string,
  known: readonly CarriedBlock[],
  roundTrip: RoundTrip,
): { html: string; blocks: CarriedBlock[] } {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const { page, sheet } = unwrapped(body);
  const blocks: CarriedBlock[] = [...known];
  const pieces: string[] = [];
  const carry = (piece: string) => {
    const id = crypto.randomUUID();
    blocks.push({ id, html: sheet === '' ? piece : `<div class="m0"><style>${sheet}</style><div class="mail-page">${piece}</div></div>` });
    pieces.push(placeOf(id));
  };
  // What was carried when the letter was saved is carried on, in its place and to the letter.
  for (const carried of page === body ? [] : page.querySelectorAll('div.m0')) {
    if (!page.contains(carried)) continue;
    const id = crypto.randomUUID();
    blocks.push({ id, html: carried.outerHTML });
    carried.outerHTML = placeOf(id);
  }
  const isStyled = (piece: string): boolean => sheet !== '' && /\s(?:class|id)="m0-/.test(piece);
  let trips = mostTrips;
  /** Halves of what loses something are tried by themselves, down to the element that does. */
  const tryPieces = (run: readonly string[]) => {
    const piece = run.join('');
    if (run.length === 0 || (trips-- > 0 && !isLost(piece, roundTrip))) pieces.push(piece);
    else if (run.length === 1 || trips <= 0) carry(piece);
    else {
      const half = run.length >> 1;
      tryPieces(run.slice(0, half));
      tryPieces(run.slice(half));
    }
  };
  // What is too long for an editor is carried from there on, and not tried piece by piece; what a style sheet is for, with its neighbours.
  let elements = 0;
  let run: string[] = [];
  let together = '';
  const endRun = () => {
    tryPieces(run);
    run = [];
  };
  const endTogether = () => {
    if (together) carry(together);
    together = '';
  };
  for (const child of [...page.childNodes]) {
    const piece = child instanceof Element ? child.outerHTML : escapeText(child.textContent ?? '');
    const holdsBlock = child instanceof Element && (child.matches('[data-block]') || child.querySelector('[data-block]') !== null);
    elements += child instanceof Element ? child.getElementsByTagName('*').length + 1 : 0;
    const isCarried = !holdsBlock && (elements > mostElements || isStyled(piece));
    if (holdsBlock || isCarried) endRun();
    if (!isCarried) endTogether();
    if (holdsBlock) pieces.push(piece);
    else if (isCarried) together += piece;
    else run.push(piece);
  }
  endRun();
  endTogether();
  return { html: pieces.join(''), blocks };
}

/** A trip through the editor takes some milliseconds. */
const mostTrips = 200;

/**
 * The server puts a draft into two elements of its own (lib/webmail/html/rebuild-html.ts), its style sheets between them. Where these speak to no more
 * than what was quoted before, its pieces are what lies within; what the writer wrote would be locked up with the quote else.
 */
function unwrapped(body: HTMLElement): { page: Element; sheet: string } {
  const whole = { page: body, sheet: '' };
  const root = body.childNodes.length === 1 ? body.firstElementChild : null;
  const page = root?.lastElementChild;
  const saysNothing = (element: Element, name: string): boolean => element.className === name && element.attributes.length === 1;
  if (!root || !page || !saysNothing(root, 'm0') || !saysNothing(page, 'mail-page')) return whole;
  const sheet = page.previousElementSibling?.textContent ?? '';
  if (/\.m0(?![\w-])(?! \.m0-)/.test(sheet)) return whole;
  for (const signature of page.querySelectorAll(':scope > .m0-signature')) signature.className = 'signature';
  return { page, sheet };
}

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function isLost(html: string, roundTrip: RoundTrip): boolean {
  const before = featuresOf(html);
  const after = featuresOf(roundTrip(html));
  for (const [feature, count] of before) if ((after.get(feature) ?? 0) < count) return true;
  return false;
}

const sameTag = wordTable<string>({ strong: 'b', em: 'i', strike: 's', del: 's', th: 'td', ins: 'u' });
const meansNothing = new Set(['span', 'font', 'p', 'div', 'tbody', 'thead', 'tfoot', 'br', 'body', 'html', 'head']);
const attributes = [
  'href',
  'src',
  'colspan',
  'rowspan',
  'bgcolor',
  'align',
  'valign',
  'width',
  'height',
  'border',
  'cellpadding',
  'cellspacing',
  'dir',
];

/** What a reader would miss: elements, attributes and declarations that mean something, and the words. */
function featuresOf(html: string): Map<string, number> {
  const { body, head } = new DOMParser().parseFromString(html, 'text/html');
  const found = new Map<string, number>();
  const note = (feature: string) => found.set(feature, (found.get(feature) ?? 0) + 1);
  for (const element of [...head.querySelectorAll('*'), ...body.querySelectorAll('*')]) {
    const tag = sameTag.get(element.localName) ?? element.localName;
    if (!meansNothing.has(tag)) note(tag);
    for (const name of attributes) {
      const value = element.getAttribute(name);
      if (value && value !== '1') note(`${tag}@${name}=${value}`);
    }
    for (const declaration of declarationsOf(element)) note(declaration);
  }
  note(`words=${(body.textContent ?? '').replace(/\s+/g, '')}`);
  return found;
}

function declarationsOf(element: Element): string[] {
  if (!(element instanceof HTMLElement)) return [];
  const style = document.createElement('span').style;
  style.cssText = element.getAttribute('style') ?? '';
  if (element.localName === 'font') {
    if (element.getAttribute('color')) style.color = element.getAttribute('color') ?? '';
    if (element.getAttribute('face')) style.fontFamily = element.getAttribute('face') ?? '';
  }
  return [...style].map((name) => `${name}:${style.getPropertyValue(name)}`);
}
