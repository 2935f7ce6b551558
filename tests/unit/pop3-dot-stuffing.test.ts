import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DotStuffing } from '#mail-server/pop3/dot-stuffing.ts';
import { parseCommand, parseNumber } from '#mail-server/pop3/parse-command.ts';
import { err, listing, ok } from '#mail-server/pop3/reply.ts';

/** What a client that ends lines at LF makes of a multi-line response: unstuffed lines up to the dot, and what is left over. */
function received(response: string): { message: string; rest: string } {
  const lines = response.split('\n');
  const end = lines.indexOf('.\r');
  const message = lines.slice(0, end).map((line) => `${line.startsWith('.') ? line.slice(1) : line}\n`);
  return { message: message.join(''), rest: lines.slice(end + 1).join('\n') };
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((one, other) => one - other);
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

describe('dot-stuffing', () => {
  const text = fc
    .array(fc.constantFrom('.', '..', '\r\n', '\n', '\r', 'a', '\r\n.\r\n', '\n.\n'), { maxLength: 30 })
    .map((parts) => parts.join(''));

  test('whatever a message holds and wherever it is cut, it comes out with CRLF at each line end and nothing is left over', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(100), { maxLength: 5 }), (message, places) => {
        const stuffing = new DotStuffing();
        const parts = cut(Buffer.from(message), places).flatMap((piece) => stuffing.piece(piece));
        const { message: got, rest } = received(Buffer.concat([...parts, ...stuffing.end()]).toString());
        expect(rest).toBe('');
        const lines = message.replaceAll(/(?<!\r)\n/g, '\r\n');
        expect(got).toBe(lines === '' || lines.endsWith('\n') ? lines : `${lines}\r\n`);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('replies', () => {
  test('are one line whatever text they carry', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('\r', '\n', '\0', 'x', ' ') }), (text) => {
        expect(ok(text)).toMatch(/^\+OK[^\r\n\0]*\r\n$/);
        expect(err(text, 'AUTH')).toMatch(/^-ERR \[AUTH\] [^\r\n\0]*\r\n$/);
        expect(listing('x', [text]).split('\r\n')).toHaveLength(4);
      }),
    );
  });
});

describe('commands', () => {
  test.each([
    ['user max', { name: 'USER', argument: 'max' }],
    ['PASS  two  spaces ', { name: 'PASS', argument: ' two  spaces ' }],
    ['QUIT', { name: 'QUIT', argument: '' }],
    ['', null],
    ['12 x', null],
    ['RETR\t1', null],
    ['QU\0IT', null],
  ])('%j', (line, parsed) => expect(parseCommand(Buffer.from(line))).toEqual(parsed));
  test('numbers are whole and have no sign', () => {
    expect(['1', '007', '-1', '+1', '1.5', '', '9223372036854775807', '１'].map(parseNumber)).toEqual([
      1,
      7,
      null,
      null,
      null,
      null,
      2 ** 63,
      null,
    ]);
  });
});
