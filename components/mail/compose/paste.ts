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
  'padding',
];
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
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const element of body.querySelectorAll(dropped)) element.remove();
  markWordLists(body);
  for (const element of [...body.querySelectorAll<HTMLElement>('*')]) {
    // "o:p" and the like
    if (element.localName.includes(':')) {
      element.replaceWith(...element.childNodes);
      continue;
    }
    const kept = keptStyles
      .map((name) => [name, element.style.getPropertyValue(name)] as const)
      .filter(([name, value]) => value && !isPlain(name, value));
    for (const { name } of [...element.attributes]) if (!keptAttributes.has(name)) element.removeAttribute(name);
    for (const [name, value] of kept) element.style.setProperty(name, value);
    if (element instanceof HTMLImageElement && !/^(https?:|data:image\/|cid:)/i.test(element.getAttribute('src') ?? '')) element.remove();
  }
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
  /^(initial|inherit|none|normal|auto)$/.test(value);

/** Cells of a spreadsheet have no lines of their own; in a letter they need some. */
function drawLines(table: HTMLTableElement): void {
  if (!table.getAttribute('border')) table.setAttribute('border', '1');
  table.setAttribute('cellpadding', table.getAttribute('cellpadding') ?? '4');
  table.style.borderCollapse = 'collapse';
}

/** Word writes a list as paragraphs with a bullet of text in front. */
function markWordLists(body: HTMLElement): void {
  for (const paragraph of [...body.querySelectorAll<HTMLElement>('p')]) {
    if (!/mso-list:\s*l\d/i.test(paragraph.getAttribute('style') ?? '')) continue;
    const bullet = [...paragraph.querySelectorAll<HTMLElement>('span')].find((span) =>
      /mso-list:\s*ignore/i.test(span.getAttribute('style') ?? ''),
    );
    const ordered = /^\s*(\d+|[a-z])[.)]/i.test(bullet?.textContent ?? '');
    bullet?.remove();
    const item = body.ownerDocument.createElement('li');
    item.append(...paragraph.childNodes);
    const tag = ordered ? 'ol' : 'ul';
    const before = paragraph.previousElementSibling;
    if (before?.localName === tag && before.hasAttribute('data-word')) {
      before.append(item);
      paragraph.remove();
    } else {
      const list = body.ownerDocument.createElement(tag);
      list.setAttribute('data-word', '');
      list.append(item);
      paragraph.replaceWith(list);
    }
  }
}

/**
 * HTML of the editor as other programs should get it: bare cells and list items, where the editor wraps each in a paragraph that they would
 * show with space around it; and blanks in a row, which HTML would make one.
 */
export function tidyHtml(html: string): string {
  if (!/<(td|th|li)\b| {2}/i.test(html)) return html;
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const paragraph of [...body.querySelectorAll('td > p, th > p, li > p')]) {
    const alone = paragraph.parentElement?.children.length === 1 && paragraph.attributes.length === 0;
    if (alone) paragraph.replaceWith(...paragraph.childNodes);
  }
  const texts = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode as Text;
    if (text.data.includes('  ') && !text.parentElement?.closest('pre')) text.data = text.data.replaceAll('  ', '\u00a0 ');
  }
  return body.innerHTML;
}
