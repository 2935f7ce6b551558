import { inlineStyles } from './inline-styles.ts';
import { takePictures } from './pasted-pictures.ts';
import { markWordLists, straightenLists } from './pasted-lists.ts';
import { dropHiddenCells } from './pasted-tables.ts';

/** HTML from the clipboard, of office programs above all: their words, tables and colours, without their own furniture. */
const keptStyles = [
  'color',
  'background-color',
  'font-weight',
  'font-style',
  'text-decoration-line',
  'text-align',
  'vertical-align',
  'width',
  'border',
  'border-top',
  'border-right',
  'border-bottom',
  'border-left',
  'padding',
];
const isKept = (property: string): boolean => keptStyles.some((name) => property === name || property.startsWith(`${name}-`));
const keptAttributes = new Set([
  'href',
  'src',
  'alt',
  'colspan',
  'rowspan',
  'align',
  'valign',
  'bgcolor',
  'border',
  'width',
  'height',
  'start',
  'type',
]);
const dropped = 'script,style,meta,link,title,base,iframe,object,embed,form,input,button,textarea,select,svg,math,template,noscript';

/** `richText`: what the same program put beside it. `missing`: told how many pictures could not be copied. */
export function cleanPasted(html: string, richText: string, missing: (count: number) => void): string {
  const document = new DOMParser().parseFromString(html, 'text/html');
  const { body } = document;
  // Excel and Word say by classes what is red and what is yellow, in sheets wrapped in a comment, as in the days before style sheets.
  const sheets = [...document.querySelectorAll('style')].map((element) => (element.textContent ?? '').replace(/<!--|-->/g, ''));
  inlineStyles(body, sheets, (property) => isKept(property) || property === 'display');
  for (const element of body.querySelectorAll(dropped)) element.remove();
  const lost = takePictures(body, richText, html);
  if (lost > 0) missing(lost);
  dropHidden(body);
  for (const [selector, style] of pagesOwn) for (const element of body.querySelectorAll<HTMLElement>(selector)) restyle(element, style);
  for (const image of body.querySelectorAll('img')) if (isEmoji(image.alt)) image.replaceWith(image.alt);
  // of Word on the web: a sign for the end of each paragraph
  for (const end of body.querySelectorAll('span.EOP')) if (end.textContent?.trim() === '') end.remove();
  markWordLists(body);
  straightenLists(body);
  keepWhiteSpace(body);
  for (const element of body.querySelectorAll<HTMLElement>('div[style*="inline"]')) {
    if (!element.style.display.startsWith('inline')) continue;
    const span = document.createElement('span');
    span.style.cssText = element.style.cssText;
    span.append(...element.childNodes);
    element.replaceWith(span);
  }
  for (const element of [...body.querySelectorAll<HTMLElement>('*')]) {
    // "o:p" and the like
    if (element.localName.includes(':')) {
      element.replaceWith(...element.childNodes);
      continue;
    }
    // to a place in the document, or on the machine, that it was copied from
    if (element.localName === 'a' && /^(#|file:)/i.test(element.getAttribute('href') ?? '')) element.removeAttribute('href');
    if (element.localName === 'font' && element.getAttribute('color')) element.style.color ||= element.getAttribute('color') ?? '';
    // The copy of a whole document stands in a "b" that says of itself that it is none.
    if (/^(b|strong)$/.test(element.localName) && /^(normal|[1-4]00)$/.test(element.style.fontWeight)) {
      element.replaceWith(...element.childNodes);
      continue;
    }
    const kept = keptStyles
      .map((name) => [name, element.style.getPropertyValue(name)] as const)
      .filter(([name, value]) => value && !isPlain(name, value));
    for (const { name, value } of [...element.attributes])
      if (!keptAttributes.has(name) && !(name === 'dir' && value === 'rtl')) element.removeAttribute(name);
    // Outlook knows no "text-decoration-line"
    for (const [name, value] of kept) element.style.setProperty(name.replace('decoration-line', 'decoration'), value);
    if (element instanceof HTMLImageElement && !/^(https?:|data:image\/|cid:)/i.test(element.getAttribute('src') ?? '')) element.remove();
  }
  for (const element of body.querySelectorAll<HTMLElement>('[style*="color:"]')) if (isLost(element)) element.style.color = '';
  for (const table of body.querySelectorAll('table')) drawLines(table);
  const comments = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const found: Comment[] = [];
  while (comments.nextNode()) found.push(comments.currentNode as Comment);
  for (const comment of found) comment.remove();
  return body.innerHTML;
}

/** Each sign of a text that is smileys and nothing else; a digit is one only within its key. Not \p{RGI_Emoji}: browsers that are in use do not know it. */
const isEmoji = (text: string): boolean =>
  /^[\p{Emoji}\p{Emoji_Component}]+$/u.test(text) && /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(text);

/** What a browser shows by itself of elements that the editor does not know. */
const pagesOwn = [
  ['mark', 'background-color: yellow'],
  ['ins', 'text-decoration-line: underline'],
  ['summary, caption, legend', ''],
] as const;

/** The same text in an element that the editor knows: one within a line with this style, or one that is a line of its own. */
function restyle(element: HTMLElement, style: string): void {
  const known = element.ownerDocument.createElement(style ? 'span' : 'div');
  known.style.cssText = `${style};${element.style.cssText}`;
  known.append(...element.childNodes);
  const place = element.localName === 'caption' ? element.closest('table') : element;
  place?.before(known);
  element.remove();
}

/** What is the page's own way to write anyway says nothing. */
const isPlain = (name: string, value: string): boolean =>
  (name === 'color' && /^(black|windowtext|rgb\(0, 0, 0\))$/.test(value)) ||
  (name === 'font-weight' && /^(normal|400)$/.test(value)) ||
  (name === 'background-color' && /^(transparent|white|rgb\(255, 255, 255\))$/.test(value)) ||
  (name === 'text-align' && /^(start|left)$/.test(value)) ||
  (name === 'width' && /^0/.test(value)) ||
  /^(initial|inherit|none|normal|auto|baseline)$/.test(value);

/** Rows and columns that were hidden in the spreadsheet, hidden text: what was not seen where it was copied is not meant to be sent. */
function dropHidden(body: HTMLElement): void {
  for (const table of body.querySelectorAll('table')) dropHiddenCells(table);
  for (const element of body.querySelectorAll<HTMLElement>('[style*="none" i]')) if (element.style.display === 'none') element.remove();
}

/** Pale text of a dark page, whose ground did not come along. */
function isLost(element: HTMLElement): boolean {
  const { color } = element.style;
  const [red = 0, green = 0, blue = 0] = color === 'white' ? [255, 255, 255] : (color.match(/[\d.]+/g) ?? []).map(Number);
  return Math.min(red, green, blue) > 190 && element.closest('[style*="background"],[bgcolor]') === null;
}

/** Cells of a spreadsheet have no lines of their own; in a letter they need some. */
function drawLines(table: HTMLTableElement): void {
  const bare = !table.getAttribute('border') || table.getAttribute('border') === '0';
  if (bare && ![...table.querySelectorAll<HTMLElement>('td,th')].some((cell) => cell.style.borderStyle)) table.setAttribute('border', '1');
  table.setAttribute('cellpadding', table.getAttribute('cellpadding') ?? '4');
  table.style.borderCollapse = 'collapse';
}

/** Editors of code and documents, and terminals, say by a style that line ends and blanks in a row are meant. */
function keepWhiteSpace(body: HTMLElement): void {
  for (const element of body.querySelectorAll<HTMLElement>('[style*="white-space"]')) {
    const said = element.style.whiteSpace || element.style.getPropertyValue('white-space-collapse');
    if (!/^(pre|break)/.test(said) || element.closest('pre')) continue;
    const texts = body.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const found: Text[] = [];
    while (texts.nextNode()) found.push(texts.currentNode as Text);
    for (const text of found) {
      const lines = text.data
        .replaceAll('\t', '    ')
        .replace(/ (?= )|(?<=\n) /g, '\u00a0')
        .split(/\r\n?|\n/);
      text.replaceWith(...lines.flatMap((line, at) => (at === 0 ? [line] : [body.ownerDocument.createElement('br'), line])));
    }
  }
}
