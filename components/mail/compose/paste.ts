import { inlineStyles } from './inline-styles.ts';
import { blockTags, writeEmptyLines } from './line-breaks.ts';

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
]);
const dropped = 'script,style,meta,link,title,base,iframe,object,embed,form,input,button,textarea,select,svg,math,template,noscript';

export function cleanPasted(html: string): string {
  const document = new DOMParser().parseFromString(html, 'text/html');
  const { body } = document;
  // Excel and Word say by classes what is red and what is yellow, in sheets wrapped in a comment, as in the days before style sheets.
  const sheets = [...document.querySelectorAll('style')].map((element) => (element.textContent ?? '').replace(/<!--|-->/g, ''));
  inlineStyles(body, sheets, isKept);
  for (const element of body.querySelectorAll(dropped)) element.remove();
  markWordLists(body);
  for (const element of [...body.querySelectorAll<HTMLElement>('*')]) {
    // "o:p" and the like
    if (element.localName.includes(':')) {
      element.replaceWith(...element.childNodes);
      continue;
    }
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
    for (const [name, value] of kept) element.style.setProperty(name, value);
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

/** What is the page's own way to write anyway says nothing. */
const isPlain = (name: string, value: string): boolean =>
  (name === 'color' && /^(black|windowtext|rgb\(0, 0, 0\))$/.test(value)) ||
  (name === 'font-weight' && /^(normal|400)$/.test(value)) ||
  (name === 'background-color' && /^(transparent|white|rgb\(255, 255, 255\))$/.test(value)) ||
  (name === 'text-align' && /^(start|left)$/.test(value)) ||
  (name === 'width' && /^0/.test(value)) ||
  /^(initial|inherit|none|normal|auto)$/.test(value);

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

/** Word writes a list as paragraphs with a bullet of text in front; how deep they lie stands in their style. */
function markWordLists(body: HTMLElement): void {
  let open: { list: HTMLElement; level: number }[] = [];
  let last: Element | null = null;
  for (const paragraph of [...body.querySelectorAll<HTMLElement>('p')]) {
    const level = Number(/mso-list:\s*l\d+\s+level(\d)/i.exec(paragraph.getAttribute('style') ?? '')?.[1] ?? 0);
    if (level === 0) continue;
    const bullet = [...paragraph.querySelectorAll<HTMLElement>('span')].find((span) =>
      /mso-list:\s*ignore/i.test(span.getAttribute('style') ?? ''),
    );
    const tag = /^\s*(\d+|[a-z]+)[.)]/i.test(bullet?.textContent ?? '') ? 'ol' : 'ul';
    bullet?.remove();
    const item = body.ownerDocument.createElement('li');
    item.append(...paragraph.childNodes);
    if (paragraph.previousElementSibling !== last) open = [];
    open = open.filter((one) => one.level < level || (one.level === level && one.list.localName === tag));
    const top = open.at(-1);
    if (top?.level === level) {
      top.list.append(item);
      paragraph.remove();
    } else {
      const list = body.ownerDocument.createElement(tag);
      list.append(item);
      if (top) {
        top.list.lastElementChild?.append(list);
        paragraph.remove();
      } else paragraph.replaceWith(list);
      open = [...open, { list, level }];
    }
    last = open[0]?.list ?? null;
  }
}

/**
 * HTML of the editor as other programs should get it: bare cells and list items, where the editor wraps each in a paragraph that they would
 * show with space around it; empty lines; and blanks in a row, which HTML would make one.
 */
export function tidyHtml(html: string): string {
  if (!/<(td|th|li)\b|[ >] |\t|><\/(p|div|h\d)>/i.test(html)) return html;
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const paragraph of [...body.querySelectorAll('td > p, th > p, li > p')]) {
    const alone = paragraph.parentElement?.children.length === 1 && paragraph.attributes.length === 0;
    if (alone) paragraph.replaceWith(...paragraph.childNodes);
  }
  writeEmptyLines(body);
  const texts = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode as Text;
    if (!/ {2}|\t|^ /.test(text.data) || text.parentElement?.closest('pre')) continue;
    const begins = text.previousSibling === null && text.parentElement?.matches(blockTags);
    text.data = text.data.replaceAll('\t', '    ').replace(begins ? /^ | (?= )/g : / (?= )/g, '\u00a0');
  }
  return body.innerHTML;
}
