import type { CarriedBlock } from '#lib/webmail/letter.ts';
import { placeOf } from '#lib/webmail/letter-html.ts';
import { mostElements } from './beginning-of.ts';

/** HTML as the editor would give it back. */
type RoundTrip = (html: string) => string;

/**
 * A draft of another program, cut into what the editor holds without loss and what it does not: that is carried as it is. Judged block by
 * block, by what comes out again, so that nothing needs to be known of the other program.
 */
export function withCarriedBlocks(
  html: string,
  known: readonly CarriedBlock[],
  roundTrip: RoundTrip,
): { html: string; blocks: CarriedBlock[] } {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const blocks: CarriedBlock[] = [...known];
  const pieces: string[] = [];
  const carry = (piece: string) => {
    const id = crypto.randomUUID();
    blocks.push({ id, html: piece });
    pieces.push(placeOf(id));
  };
  // What is too long for an editor is carried from there on, and not tried piece by piece.
  let elements = 0;
  let tooLong = '';
  const endTooLong = () => {
    if (tooLong) carry(tooLong);
    tooLong = '';
  };
  for (const child of [...body.childNodes]) {
    const piece = child instanceof Element ? child.outerHTML : escapeText(child.textContent ?? '');
    const holdsBlock = child instanceof Element && (child.matches('[data-block]') || child.querySelector('[data-block]') !== null);
    elements += child instanceof Element ? child.getElementsByTagName('*').length + 1 : 0;
    if (elements > mostElements && !holdsBlock) tooLong += piece;
    else {
      endTooLong();
      if (!(child instanceof Element) || holdsBlock || !isLost(piece, roundTrip)) pieces.push(piece);
      else carry(piece);
    }
  }
  endTooLong();
  return { html: pieces.join(''), blocks };
}

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function isLost(html: string, roundTrip: RoundTrip): boolean {
  const before = featuresOf(html);
  const after = featuresOf(roundTrip(html));
  for (const [feature, count] of before) if ((after.get(feature) ?? 0) < count) return true;
  return false;
}

const sameTag: Record<string, string> = { strong: 'b', em: 'i', strike: 's', del: 's', th: 'td', ins: 'u' };
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
    const tag = sameTag[element.localName] ?? element.localName;
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
