import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { corpus, readTrials, runBatch } from '#tests/support/sieve-corpus.ts';

test('every script of the corpus does with every letter what was looked at and found right', () => {
  const trials = readTrials();
  const printed = runBatch(trials);
  expect(printed.length).toBe(trials.length);
  expect(trials.length).toBeGreaterThan(400);
  const file = join(corpus, 'expected.jsonl');
  // with this set the file is written anew, to be looked at with git diff
  if (process.env['POSTAMT_WRITE_EXPECTED'] === '1') {
    writeFileSync(file, trials.map(({ id }, at) => `${JSON.stringify([id, ...(printed[at] ?? [])])}\n`).join(''));
  }
  const expected = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);
  for (const [at, { id }] of trials.entries()) expect([id, ...(printed[at] ?? [])]).toEqual(expected[at]);
});
