import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { expect, test } from 'vitest';

/** The focus comes with a frame, an effect or an answer: who looks once may look a frame too early. */
const looksOnce = /expect\(await [^\n]*\bactiveElement\b/;

test('where the focus is, is asked until it is there', async () => {
  const found: string[] = [];
  let files = 0;
  for await (const path of glob('tests/web/**/*.test.ts')) {
    files++;
    if (looksOnce.test(readFileSync(path, 'utf8'))) found.push(path);
  }
  expect(found).toEqual([]);
  expect(files).toBeGreaterThan(10);
});
