/**
 * The editor knows no tables, and would run their cells together. Each row becomes a line of its own, its cells divided by a dash; cells
 * that hold whole paragraphs, as layouts do, stand one below the other.
 */
export function withoutTables(html: string): string {
  if (!/<table/i.test(html)) return html;
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  // From the inside out, so that a table in a cell is flat already.
  for (const row of [...body.querySelectorAll('tr')].reverse()) {
    const cells = [...row.children].filter((cell) => cell.textContent?.trim());
    const stacked = cells.some((cell) => cell.querySelector('p,div,ul,ol,h1,h2,h3,h4,blockquote'));
    const line = body.ownerDocument.createElement('div');
    for (const [at, cell] of cells.entries()) {
      if (at > 0 && !stacked) line.append(' – ');
      const target = stacked ? line.appendChild(body.ownerDocument.createElement('div')) : line;
      target.append(...cell.childNodes);
    }
    row.replaceWith(line);
  }
  for (const table of body.querySelectorAll('table,thead,tbody,tfoot')) table.replaceWith(...table.childNodes);
  return body.innerHTML;
}
