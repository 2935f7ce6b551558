import { expect, it } from 'vitest';
import { keepView, keptView } from '#lib/webmail/view/view-cache.ts';
import { viewOf } from '#tests/support/letter-view.ts';

const view = (text: string) => viewOf(`Subject: x\nContent-Type: text/plain; charset=utf-8\n\n${text}`);
const count = (name: string, most: number): number =>
  Array.from({ length: most }, (_, at) => keptView(`${name}${at}`)).filter(Boolean).length;

it('a view is found by its whole key', () => {
  const kept = view('Guten Tag');
  keepView('one', kept);
  expect(keptView('one')).toBe(kept);
  expect(keptView('one ')).toBeNull();
});

it('views of many short lines, or of hardly anything, weigh what they take of memory', () => {
  const lines = view('a\n\n'.repeat(20_000));
  for (let at = 0; at < 100; at++) keepView(`lines${at}`, lines);
  expect(count('lines', 100)).toBeGreaterThan(0);
  expect(count('lines', 100)).toBeLessThan(40);
  const little = view('a');
  for (let at = 0; at < 40_000; at++) keepView(`little${at}`, little);
  expect(count('little', 40_000)).toBeLessThan(40_000);
});
