import { expect, it } from 'vitest';
import { storageState } from '#lib/config/storage-state.ts';

const gigabyte = 1024 ** 3;

it('a mailbox into which hardly a letter fits is called full, though it never holds its limit', () => {
  expect(storageState(10 * gigabyte - 500_000, 10 * gigabyte)).toBe('full');
  expect(storageState(10 * gigabyte, 10 * gigabyte)).toBe('full');
  expect(storageState(12 * gigabyte, 10 * gigabyte)).toBe('full');
  expect(storageState(9.9 * gigabyte, 10 * gigabyte)).toBe('scarce');
  expect(storageState(8 * gigabyte, 10 * gigabyte)).toBe('filling');
  expect(storageState(0, 10 * gigabyte)).toBe('free');
});

it('a small one is not full from the first', () => {
  expect(storageState(0, 500_000)).toBe('free');
  expect(storageState(499_000, 500_000)).toBe('full');
});
