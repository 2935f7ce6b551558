import { expect, test } from 'vitest';
import { type FileCount, filesToRunAgain, sumWithAgain } from '#lib/launcher/test/count.ts';

const fileOf = (file: string | null, passed: number, ...failed: string[]): FileCount => ({
  file,
  passed,
  failed: failed.length,
  skipped: 0,
  failures: failed.map((name) => ({ test: `${file} > ${name}`, error: 'x' })),
  retried: [],
});

test('a few files that failed are run again, unless something failed beside them', () => {
  const files = [fileOf('a', 3), fileOf('b', 2, 'one'), fileOf('c', 0, 'its hook'), fileOf(null, 0)];
  expect(filesToRunAgain(files)).toEqual(['b', 'c']);
  expect(filesToRunAgain([...files, fileOf(null, 0, 'a rejection')])).toEqual([]);
  expect(filesToRunAgain([...files, fileOf('d', 0, 'one'), fileOf('e', 0, 'one')])).toEqual([]);
});

test('what failed again has failed, the rest of its file counts as it came the second time, and what passed then is named', () => {
  const first = [fileOf('a', 3), fileOf('b', 2, 'one', 'two'), fileOf('c', 0, 'its hook')];
  const { passed, failed, failures, retried } = sumWithAgain(first, [fileOf('b', 3, 'two'), fileOf('c', 5)]);
  expect([passed, failed]).toEqual([11, 1]);
  expect(failures.map(({ test: name }) => name)).toEqual(['b > two']);
  expect(retried.map(({ test: name }) => name)).toEqual(['b > one', 'c > its hook']);
});

test('a file that did not come again, whatever the reason, has failed as it did', () => {
  const first = [fileOf('a', 3), fileOf('b', 2, 'one'), fileOf('c', 1, 'two')];
  const { passed, failed, failures, retried } = sumWithAgain(first, [fileOf('c', 2), fileOf(null, 0)]);
  expect([passed, failed]).toEqual([7, 1]);
  expect(failures.map(({ test: name }) => name)).toEqual(['b > one']);
  expect(retried.map(({ test: name }) => name)).toEqual(['c > two']);
});
