import { expect, it } from 'vitest';
import { addressAtEnd } from '#components/mail/compose/link-at-sentence-end.ts';
import { processorTime } from '#tests/support/processor-time.ts';

it.each([
  ['Siehe https://a.example/b.', 'https://a.example/b'],
  ['Oder (www.c.example)!', 'www.c.example'],
  ['„https://a.example/?x=1“', 'https://a.example/?x=1'],
  // what an address opened itself is its own
  ['https://de.example/wiki/Wien_(Stadt)', 'https://de.example/wiki/Wien_(Stadt)'],
  ['Siehe (https://de.example/wiki/Wien_(Stadt)).', 'https://de.example/wiki/Wien_(Stadt)'],
  ['https://a.example/((b)).', 'https://a.example/((b))'],
])('in %s the address is %s', (text, href) => {
  const found = addressAtEnd(text);
  expect(found?.href).toBe(href);
  expect(text.slice(found?.at, (found?.at ?? 0) + href.length)).toBe(href);
});

it.each(['https://a.example/b', 'https://.', 'xhttps://a.example.', 'Ende.', ''])('%s is left to others', (text) => {
  expect(addressAtEnd(text)).toBeNull();
});

it('takes no longer for a long line of beginnings', () => {
  const from = processorTime();
  expect(addressAtEnd(`${'(www.a!!'.repeat(250)}x`)).toBeNull();
  expect(processorTime() - from).toBeLessThan(200);
});
