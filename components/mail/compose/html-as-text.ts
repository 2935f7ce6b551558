import { signOf } from './list-signs.ts';

/**
 * A formatted letter as plain text, as people would write it: paragraphs apart, quotes marked, lists with their signs, columns below each
 * other, links with where they lead.
 */
export function htmlAsText(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const element of body.querySelectorAll('style,script,title,.carried-unlock')) element.remove();
  return linesOf(body, 0)
    .map((line) => line.replaceAll('\u00a0', ' ').trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
}

/** Something of it would be lost in plain text. */
export function isFormatted(html: string): boolean {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const shows = 'b,strong,i,em,u,s,sub,sup,table,img,h1,h2,h3,h4,h5,h6,font,ul,ol,pre,code,[style],[data-block]';
  return body.querySelector(shows) !== null;
}

const deepest = 60;
const blockTags = new Set(
  'address,article,blockquote,center,dd,div,dl,dt,fieldset,figure,footer,form,h1,h2,h3,h4,h5,h6,header,hr,li,main,ol,p,pre,section,table,tbody,td,tfoot,th,thead,tr,ul'.split(
    ',',
  ),
);
const spaced = /^(p|h[1-6]|ul|ol|pre|table|blockquote)$/;

function linesOf(element: Element, depth: number): string[] {
  const lines: string[] = [];
  let text = '';
  const flush = () => {
    if (text.trim() !== '') lines.push(...text.split('\n').map((line) => line.replace(/^[ ]+|[ ]+$/g, '')));
    text = '';
  };
  const walk = (parent: Node): void => {
    for (const node of parent.childNodes) {
      if (node instanceof Text) text += node.data.replace(/[ \t\r\n]+/g, ' ');
      else if (!(node instanceof Element)) continue;
      else if (node.localName === 'br') text += '\n';
      else if (!blockTags.has(node.localName)) {
        walk(node);
        text += leadsTo(node);
      } else {
        flush();
        const inner = depth > deepest ? [node.textContent ?? ''] : blockLines(node, depth + 1);
        const apart = spaced.test(node.localName);
        if (apart && lines.length > 0 && lines.at(-1) !== '') lines.push('');
        lines.push(...(inner.length > 0 ? inner : node.localName === 'p' ? [''] : []));
        if (apart) lines.push('');
      }
    }
  };
  walk(element);
  flush();
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

function blockLines(element: Element, depth: number): string[] {
  const tag = element.localName;
  if (tag === 'pre') return (element.textContent ?? '').split('\n');
  if (tag === 'hr') return ['-'.repeat(30)];
  if (tag === 'table') return tableLines(element, depth);
  if (tag === 'blockquote') return linesOf(element, depth).map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`));
  if (tag !== 'ul' && tag !== 'ol') return linesOf(element, depth);
  const start = Number(element.getAttribute('start') ?? 1) || 1;
  return [...element.children].flatMap((item, at) => {
    const sign = tag === 'ol' ? `${signOf(start + at, element.getAttribute('type'))}. ` : '- ';
    return linesOf(item, depth).map((line, row) => (row === 0 ? sign : '\u00a0'.repeat(sign.length)) + line);
  });
}

const widest = 60;

/** Cells of one line stand in columns; what only lays out a page is read cell by cell. */
function tableLines(table: Element, depth: number): string[] {
  const rows = [...table.querySelectorAll('tr')].filter((row) => row.closest('table') === table);
  const cells = rows.map((row) => [...row.children].map((cell) => linesOf(cell, depth)));
  const plain = cells.every((row) => row.every((cell) => cell.length <= 1 && (cell[0] ?? '').length <= widest));
  if (!plain) return cells.flat().flat();
  const widths: number[] = [];
  for (const row of cells) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, (cell[0] ?? '').length);
  return cells.map((row) => row.map((cell, at) => (cell[0] ?? '').padEnd(widths[at] ?? 0, '\u00a0')).join('\u00a0'.repeat(3)));
}

/** Where a link leads, unless its text says so. */
function leadsTo(element: Element): string {
  const address = element.localName === 'a' ? (element.getAttribute('href') ?? '') : '';
  const plain = (value: string) => value.replace(/^(mailto:|https?:\/\/)/i, '').replace(/\/$/, '');
  return address && plain(address) !== plain((element.textContent ?? '').trim()) ? ` <${address}>` : '';
}
