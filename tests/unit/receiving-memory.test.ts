import { describe, expect, test } from 'vitest';
import { MemoryBudget } from '#mail-server/memory-budget.ts';
import { ReceivingMemory } from '#mail-server/smtp/receiving-memory.ts';

const megabyte = 1024 * 1024;
const minuteAgo = () => performance.now() - 60_000;

describe('memory for messages that are being received', () => {
  test('strangers who hold all of it and go slowly give way, the slowest first', () => {
    const memory = new ReceivingMemory(50 * megabyte);
    const gaveUp: string[] = [];
    const begin = (address: string, since: number) => memory.begin(address, () => gaveUp.push(address), since);
    const slow = begin('192.0.2.1', performance.now() - 3_600_000);
    const slower = begin('198.51.100.1', performance.now() - 7_200_000);
    expect(slow.reserve(128 * megabyte)).toBe(true);
    expect(slower.reserve(128 * megabyte)).toBe(true);
    const honest = begin('203.0.113.1', performance.now());
    expect(honest.reserve(megabyte)).toBe(true);
    expect(gaveUp).toEqual(['198.51.100.1']);
    slower.end();
    expect(honest.reserve(100 * megabyte)).toBe(true);
    expect(gaveUp).toHaveLength(1);
  });

  test('who is fast, has only begun, or has sent all, gives way to nobody', () => {
    const memory = new ReceivingMemory(50 * megabyte);
    const gaveUp: string[] = [];
    const begin = (address: string, since: number) => memory.begin(address, () => gaveUp.push(address), since);
    const fast = begin('192.0.2.1', minuteAgo());
    expect(fast.reserve(128 * megabyte)).toBe(true);
    const complete = begin('198.51.100.1', performance.now() - 7_200_000);
    expect(complete.reserve(100 * megabyte)).toBe(true);
    complete.complete();
    const begun = begin('198.51.100.2', performance.now());
    expect(begun.reserve(28 * megabyte)).toBe(true);
    expect(begin('203.0.113.1', performance.now()).reserve(1)).toBe(false);
    expect(gaveUp).toEqual([]);
    complete.end();
    expect(begin('203.0.113.1', performance.now()).reserve(megabyte)).toBe(true);
  });

  test('the addresses of one IPv6 network are one holder, loopback is none', () => {
    const memory = new ReceivingMemory(50 * megabyte);
    const begin = (address: string) => memory.begin(address, () => undefined);
    expect(begin('2001:db8::1').reserve(128 * megabyte)).toBe(true);
    expect(begin('2001:db8::2').reserve(1)).toBe(false);
    expect(begin('::1').reserve(128 * megabyte)).toBe(true);
  });

  test('where the process may have little of it fewer letters come at a time, so that the system does not end it, and never less than two of the largest', () => {
    const fits = (memory: number): number => {
      const budget = new MemoryBudget<string>(50 * megabyte, memory * megabyte);
      let count = 0;
      while (budget.reserve(null, megabyte)) count++;
      return count;
    };
    expect([256, 512, 1024, 2048, Infinity].map(fits)).toEqual([100, 128, 256, 256, 256]);
  });
});
