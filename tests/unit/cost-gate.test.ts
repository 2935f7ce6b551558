import { describe, expect, test } from 'vitest';
import { type CostRow, exportedNames, growthOf, shapesOf } from '#tests/support/cost-gate.ts';
import { deliveryRows, deliverySafe } from './cost-gate/delivery.ts';
import { doorRows, doorSafe } from './cost-gate/doors.ts';
import { htmlRows, htmlSafe } from './cost-gate/html.ts';
import { letterRows, letterSafe } from './cost-gate/letters.ts';
import { mimeRows, mimeSafe } from './cost-gate/mime.ts';
import { reportRows, reportSafe } from './cost-gate/reports.ts';

const rows: readonly CostRow[] = [...mimeRows, ...deliveryRows, ...htmlRows, ...letterRows, ...doorRows, ...reportRows];
/** exported, but never given what a stranger wrote, or only what one of the rows has bounded: entry → why */
const safe: Readonly<Record<string, string>> = { ...mimeSafe, ...deliverySafe, ...htmlSafe, ...letterSafe, ...doorSafe, ...reportSafe };
/** every exported name in these folders has a row or a reason */
const guarded = [
  'lib/mime',
  'lib/addresses',
  'lib/webmail/html',
  'lib/webmail/remote',
  'lib/webmail/calendar',
  'lib/webmail/view',
  'mail-server/delivery',
  'mail-server/delivery/authenticity',
  'mail-server/delivery/groups',
  'mail-server/delivery/signing',
  'mail-server/reports',
  'mail-server/tls',
  'mail-server/auth/sasl',
];

describe('whatever a stranger sends takes time in proportion to its length', () => {
  for (const row of rows) {
    test(`${row.entry}${row.place ? `: ${row.place}` : ''}`, { timeout: 300_000 }, async () => {
      for (const [shape, make] of shapesOf(row)) {
        const { small, large, linear } = await growthOf(row, make);
        expect(linear, `${row.entry}, ${shape}: ${small.toFixed(1)} ms, of four times as much ${large.toFixed(1)} ms`).toBe(true);
      }
    });
  }
});

test('the gate sees what takes the square of the time', async () => {
  const row: CostRow = { entry: 'looks back from every blank', run: (text) => text.replace(/[ \t]+$/, ''), size: 4_096 };
  expect((await growthOf(row, (size) => `a${' '.repeat(size)}b`)).linear).toBe(false);
});

describe('nothing that sees a stranger’s bytes is left out', () => {
  test.each(guarded)('%s', (folder) => {
    const known = new Set([...rows.map(({ entry }) => entry), ...Object.keys(safe)]);
    expect(exportedNames(folder).filter((name) => !known.has(name))).toEqual([]);
  });

  test('every row and every reason names something that is there', () => {
    const there = new Set(guarded.flatMap(exportedNames));
    const named = [...rows.map(({ entry }) => entry), ...Object.keys(safe)];
    expect(named.filter((name) => guarded.some((folder) => name.startsWith(`${folder}/`)) && !there.has(name))).toEqual([]);
  });
});
