import { expect, test } from 'vitest';
import { connectionsWithin } from '#mail-server/open-files.ts';

test('a process takes no more connections than it has files for, with some left for itself', () => {
  const limits = (files: string) =>
    `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${files}                 4096                 files\n`;
  expect(connectionsWithin(20_000, limits('1024'))).toBe(768);
  expect(connectionsWithin(20_000, limits('65536'))).toBe(20_000);
  expect(connectionsWithin(20_000, limits('unlimited'))).toBe(20_000);
  expect(connectionsWithin(20_000, '')).toBe(20_000);
});
