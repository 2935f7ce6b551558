import { convert, type FormatCallback } from 'html-to-text';

type Element = Parameters<FormatCallback>[0];

const stacking = new Set(['table', 'p', 'div', 'ul', 'ol', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'hr']);

const has = (element: Element, wanted: (name: string) => boolean): boolean =>
  (element.children ?? []).some((child: Element) => wanted(child.name ?? '') || has(child, wanted));

function cellsOf(table: Element): Element[] {
  const found: Element[] = [];
  const visit = (element: Element) => {
    for (const child of element.children ?? []) {
      if (child.name === 'td' || child.name === 'th') found.push(child);
      else visit(child);
    }
  };
  visit(table);
  return found;
}

/** Columns of data stand below each other; tables that only lay out a page (one cell, or cells full of paragraphs) are read cell by cell. */
const isData = (table: Element): boolean => {
  const cells = cellsOf(table);
  const blocks = (cell: Element) => (cell.children ?? []).filter((child: Element) => stacking.has(child.name ?? ''));
  return cells.length > 1 && cells.every((cell) => !has(cell, (name) => name === 'table') && blocks(cell).length <= 1);
};

const formatTable: FormatCallback = (table, walk, builder, options) => {
  const { formatters } = builder.options as unknown as { formatters: Record<string, FormatCallback> };
  for (const caption of (table.children ?? []).filter((child: Element) => child.name === 'caption')) {
    builder.openBlock({ leadingLineBreaks: 1 });
    walk(caption.children, builder);
    builder.closeBlock({ trailingLineBreaks: 1 });
  }
  if (isData(table)) return formatters['dataTable']?.(table, walk, builder, options);
  for (const cell of cellsOf(table)) {
    builder.openBlock({ leadingLineBreaks: 1 });
    walk(cell.children, builder);
    builder.closeBlock({ trailingLineBreaks: 1 });
  }
};

/** The plain text beside the HTML of a letter: columns apart, quotes marked, links written out. */
export const plainTextOf = (html: string): string => converted(html).replace(/\n{4,}/g, '\n\n\n');

const converted = (html: string): string =>
  convert(html, {
    wordwrap: false,
    // it calls itself for each element within another
    limits: { maxInputLength: 16_000_000, maxDepth: 400, ellipsis: '' },
    formatters: { mailTable: formatTable },
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, linkBrackets: ['<', '>'] } },
      { selector: 'img', format: 'skip' },
      { selector: 'style', format: 'skip' },
      { selector: 'blockquote', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
      { selector: 'table', format: 'mailTable', options: { colSpacing: 3, uppercaseHeaderCells: false, maxColumnWidth: 40 } },
      // it knows some blocks only, and runs the others' words together
      ...['address', 'center', 'dd', 'dt', 'figcaption', 'figure'].map((selector) => ({
        selector,
        format: 'block',
        options: { leadingLineBreaks: 1, trailingLineBreaks: 1 },
      })),
      { selector: 'dl', format: 'block', options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  });
