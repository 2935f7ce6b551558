/** Those of Excel; nobody sees more side by side. */
const mostColumns = 16_384;

interface Placed {
  cell: HTMLTableCellElement;
  row: number;
  column: number;
  /** how many rows and columns of it were seen */
  height: number;
  width: number;
}

/**
 * A spreadsheet says of a row and of a column that it is hidden, not of its cells, and counts it in each cell that reaches over it. What lies in
 * hidden ones alone goes; a cell that was seen in part stands in the first of its rows that was.
 */
export function dropHiddenCells(table: HTMLTableElement): void {
  const columns = [...table.querySelectorAll<HTMLTableColElement>(':scope > colgroup > col')];
  const hidden = columns.flatMap((column) => Array.from<boolean>({ length: column.span }).fill(isHidden(column))).slice(0, mostColumns);
  const parts = [table.tHead, ...table.tBodies, table.tFoot].filter((part) => part !== null);
  for (const { rows } of parts) {
    const all = [...rows];
    if (hidden.includes(true) || all.some(isHidden)) dropIn(all, hidden);
  }
  for (const column of columns) if (isHidden(column)) column.remove();
}

const isHidden = (element: HTMLElement): boolean => element.style.display === 'none';

function dropIn(rows: readonly HTMLTableRowElement[], hidden: readonly boolean[]): void {
  const placed = placeCells(rows, hidden);
  const columnOf = new Map(placed.map(({ cell, column }) => [cell, column]));
  for (const { cell, row, column, height, width } of placed) {
    if (height === 0 || width === 0) {
      cell.remove();
      continue;
    }
    if (cell.rowSpan !== height) cell.rowSpan = height;
    if (cell.colSpan !== width) cell.colSpan = width;
    let seen = rows[row];
    for (let at = row; seen && isHidden(seen); ) seen = rows[++at];
    if (!seen || seen === cell.parentElement) continue;
    seen.insertBefore(cell, [...seen.cells].find((one) => (columnOf.get(one) ?? 0) > column) ?? null);
  }
  for (const row of rows) if (isHidden(row)) row.remove();
}

/** Where each cell lies: beside what reaches down from above (HTML section 4.9.12). */
function placeCells(rows: readonly HTMLTableRowElement[], hidden: readonly boolean[]): Placed[] {
  const seenAbove = [0];
  for (const row of rows) seenAbove.push((seenAbove.at(-1) ?? 0) + (isHidden(row) ? 0 : 1));
  /** the first row in which a column is free again */
  const freeFrom: number[] = [];
  return rows.flatMap((element, row) => {
    let column = 0;
    return [...element.cells].map((cell): Placed => {
      while (column < mostColumns && (freeFrom[column] ?? 0) > row) column++;
      const from = column;
      const end = cell.rowSpan === 0 ? rows.length : Math.min(rows.length, row + cell.rowSpan);
      let width = 0;
      for (; column < from + cell.colSpan; column++) {
        freeFrom[column] = end;
        if (!hidden[column]) width++;
      }
      return { cell, row, column: from, height: (seenAbove[end] ?? 0) - (seenAbove[row] ?? 0), width };
    });
  });
}
