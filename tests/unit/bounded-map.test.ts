import { expect, test } from 'vitest';
import { BoundedMap } from '#lib/workers/bounded-map.ts';

const keysOf = (map: BoundedMap<string, unknown>): string => [...map.keys()].join('');

test('where there are too many, what was set longest ago goes', () => {
  const map = new BoundedMap<string, number>(3);
  for (const key of ['a', 'b', 'c', 'd']) map.set(key, 1);
  expect(keysOf(map)).toBe('bcd');
});

test('what is set again is the newest, and nothing else goes for it', () => {
  const map = new BoundedMap<string, number>(3);
  map.set('a', 1).set('b', 1).set('c', 1).set('a', 2);
  expect(keysOf(map)).toBe('bca');
  expect(map.set('d', 1).get('a')).toBe(2);
  expect(keysOf(map)).toBe('cad');
});

test('what is only asked for gets no older and no younger, and what is deleted makes room', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1).set('b', 1).get('a');
  map.delete('b');
  expect(keysOf(map.set('c', 1))).toBe('ac');
  expect(keysOf(map.set('d', 1))).toBe('cd');
});
