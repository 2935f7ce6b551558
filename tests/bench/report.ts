import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import type { Workload } from './workloads.ts';

export interface Measured {
  workload: Workload;
  /** JSON lines of Postamt and of the peer, one a round; null where a run failed */
  results: [(Record<string, unknown> | null)[], (Record<string, unknown> | null)[]];
}

const figure = (value: number) => (Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3))));
const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

function valuesAt(lines: (Record<string, unknown> | null)[], path: string): number[] {
  return lines.flatMap((line) => {
    let value: unknown = line;
    for (const key of path.split('.')) value = value && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;
    return typeof value === 'number' ? [value] : [];
  });
}

const cell = (values: readonly number[]) =>
  values.length === 0
    ? '–'
    : values.length === 1
      ? figure(median(values))
      : `${figure(median(values))} (${figure(Math.min(...values))}–${figure(Math.max(...values))})`;

const begin = '<!-- table: npm run bench -->';
const end = '<!-- end of table -->';

/** Puts the table into docs/performance.md between its marks. The ratio is Postamt's speed by the peer's: above 1 Postamt is faster. */
export function writeReport(
  measured: readonly Measured[],
  machine: { cores: number; processor: string; processes: number },
): { worst: string } {
  const rows: string[] = [];
  let worst = { ratio: Number.POSITIVE_INFINITY, name: 'none' };
  for (const { workload, results } of measured) {
    for (const { path, row, higher, noRatio } of workload.figures) {
      const [ours, theirs] = [valuesAt(results[0], path), valuesAt(results[1], path)];
      if (ours.length === 0 && theirs.length === 0) continue;
      const both = ours.length > 0 && theirs.length > 0;
      const ratio = higher ? median(ours) / median(theirs) : median(theirs) / median(ours);
      if (both && !noRatio && ratio < worst.ratio) worst = { ratio, name: `${workload.name}: ${row}` };
      rows.push(
        `| ${workload.name}: ${row} | ${cell(ours)} | ${cell(theirs)} | ${!both ? 'not compared' : (noRatio ?? `${figure(ratio)}×`)} |`,
      );
    }
  }
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
  const table = [
    begin,
    '',
    `${new Date().toISOString().slice(0, 10)}, ${machine.cores} cores (${machine.processor}), ${machine.processes} mail-server process${machine.processes === 1 ? '' : 'es'}, load at the end ${load}.`,
    'Median (lowest–highest of the rounds); the last column is Postamt’s speed by the peer’s: above 1 Postamt is faster.',
    '',
    '| work | Postamt | Dovecot 2.3 maildir, Postfix, Roundcube | ratio |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    end,
  ].join('\n');
  const file = 'docs/performance.md';
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, text.indexOf(begin)) + table + text.slice(text.indexOf(end) + end.length));
  return { worst: `${figure(worst.ratio)}× (${worst.name})` };
}
