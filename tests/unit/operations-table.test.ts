import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { configurationTable } from '#lib/config/print-table.ts';

test('the handbook documents every variable with its default and its meaning', async () => {
  const handbook = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const table = /<!-- variables -->\n([\s\S]*)\n<!-- \/variables -->/.exec(handbook)?.[1];
  expect(table).toBe(configurationTable());
});
