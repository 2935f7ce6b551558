import { expect, it } from 'vitest';
import { wantedRange } from '#lib/webmail/files/byte-range.ts';

it.each([
  ['bytes=0-', { first: 0, last: 99 }],
  ['bytes=0-1', { first: 0, last: 1 }],
  ['bytes=10-5000', { first: 10, last: 99 }],
  ['Bytes = 99-99', { first: 99, last: 99 }],
  ['bytes=-10', { first: 90, last: 99 }],
  ['bytes=-5000', { first: 0, last: 99 }],
])('of 100 octets, %s is a piece', (field, range) => expect(wantedRange(field, 100)).toEqual(range));

it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0'])('of 100 octets, %s is none', (field) =>
  expect(wantedRange(field, 100)).toBe('unsatisfiable'),
);

it('of nothing there is no piece', () => {
  expect(wantedRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(wantedRange('bytes=-1', 0)).toBe('unsatisfiable');
});

// RFC 9110 section 14.2: what is invalid or not understood is not there; several pieces need not be given
it.each([
  null,
  '',
  'bytes',
  'bytes=',
  'bytes=-',
  'bytes=5-2',
  'bytes=a-b',
  'lines=0-1',
  'bytes=0-1,5-6',
  'bytes=0x1-2',
  `bytes=${'9'.repeat(400)}-`,
])('%s asks for the whole', (field) => expect(wantedRange(field, 100)).toBeNull());
