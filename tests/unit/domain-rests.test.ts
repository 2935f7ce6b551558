import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DomainRests } from '#mail-server/queue/domain-rests.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Refuses, and returns whether that was one of the first times, and after how many seconds the domain may be asked again. */
function refuse(rests: DomainRests, random: number): [boolean, number] {
  const isFirst = rests.refused('example.org');
  rests.rest('example.org', random);
  let seconds = 0;
  for (; rests.resting().length > 0; seconds++) vi.advanceTimersByTime(1000);
  return [isFirst, seconds];
}

test('a domain that refuses rests 15 s, a minute, two, then five each time, a quarter more or less', () => {
  const rests = new DomainRests();
  expect(Array.from({ length: 5 }, () => refuse(rests, 0.5))).toEqual([
    [true, 15],
    [true, 60],
    [true, 120],
    [false, 300],
    [false, 300],
  ]);
  expect(refuse(new DomainRests(), 0)).toEqual([true, 12]);
  expect(refuse(new DomainRests(), 1)).toEqual([true, 19]);
});

test('what it refused is forgotten when it takes a letter, and after five hours; other domains are not concerned', () => {
  const rests = new DomainRests();
  for (let count = 0; count < 3; count++) rests.refused('example.org');
  rests.rest('example.org');
  expect(rests.resting()).toEqual(['example.org']);
  expect(rests.refused('example.net')).toBe(true);
  expect(rests.refused('example.org')).toBe(false);
  rests.forget('example.org');
  expect(rests.resting()).toEqual([]);
  for (let count = 0; count < 4; count++) expect(rests.refused('example.org')).toBe(count < 3);
  vi.advanceTimersByTime(5 * 3_600_000);
  rests.refused('example.net');
  expect(rests.refused('example.org')).toBe(true);
});
