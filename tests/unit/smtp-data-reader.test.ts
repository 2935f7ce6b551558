import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataReader, type DataLimits } from '#mail-server/smtp/data-reader.ts';
import { stuffed } from '#tests/support/smtp-client.ts';

const limits: DataLimits = { messageBytes: 1_000_000, lineBytes: 100_000, strictLineEnds: false, reserve: () => true };

/** Feeds the bytes in pieces of these sizes, over and over. */
function read(bytes: Buffer, sizes: readonly number[], more: Partial<DataLimits> = {}) {
  const reader = new DataReader({ ...limits, ...more });
  let position = 0;
  for (let index = 0; position < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    const rest = reader.push(bytes.subarray(position, position + size));
    position += size;
    if (rest) return { reader, rest: Buffer.concat([rest, bytes.subarray(position)]) };
  }
  return { reader, rest: null };
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
// mostly the characters on which everything turns
const text = fc
  .array(fc.constantFrom('.', '\r\n', '\r', '\n', 'a', '\0', '.\r\n', '\r\n.'), { maxLength: 40 })
  .map((parts) => parts.join(''));

describe('the reader of DATA', () => {
  test('gives back every message byte for byte, however it is cut', () => {
    fc.assert(
      fc.property(text, sizes, (content, cut) => {
        const whole = content.endsWith('\r\n') || content === '' ? content : `${content}\r\n`;
        // a client doubles the dots that begin its lines, so what it sends ends only at the end
        const wire = whole === '' ? Buffer.from('.\r\n') : stuffed(whole);
        const { reader, rest } = read(Buffer.concat([wire, Buffer.from('QUIT\r\n')]), cut);
        expect(rest?.toString()).toBe('QUIT\r\n');
        expect(reader.fault).toBeNull();
        expect(reader.content().toString('latin1')).toBe(whole);
      }),
      { numRuns: 2000 },
    );
  });

  test('ends at CRLF.CRLF and nowhere else', () => {
    fc.assert(
      fc.property(text, sizes, (content, cut) => {
        const bytes = Buffer.from(content);
        const { rest } = read(bytes, cut);
        const end = content.startsWith('.\r\n') ? 3 : content.indexOf('\r\n.\r\n') + 5;
        expect(rest?.toString() ?? null).toBe(end < 5 && !content.startsWith('.\r\n') ? null : content.slice(end));
      }),
      { numRuns: 2000 },
    );
  });

  test('sees every CR and LF that stands alone', () => {
    fc.assert(
      fc.property(text, sizes, (content, cut) => {
        const whole = `${content}\r\n`;
        const { reader } = read(stuffed(whole), cut, { strictLineEnds: true });
        const alone = /\r(?!\n)|(?<!\r)\n/.test(whole);
        expect(reader.fault).toBe(alone ? 'bare-newline' : null);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([1, 7, 4096, 65536])('a line too long is a fault in pieces of %i bytes, and the end is still found', (size) => {
    const line = Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), Buffer.alloc(150_000, 'y'), Buffer.from('\r\n.\r\nNOOP\r\n')]);
    const { reader, rest } = read(line, [size]);
    expect(reader.fault).toBe('line-too-long');
    expect(rest?.toString()).toBe('NOOP\r\n');
    expect(reader.content()).toHaveLength(0);
  });

  test('a message too large is a fault, and nothing of it is kept', () => {
    let reserved = 0;
    const { reader, rest } = read(Buffer.from(`${'y'.repeat(98)}\r\n`.repeat(20_000).concat('.\r\n')), [65536], {
      reserve: (bytes) => {
        reserved += bytes;
        return true;
      },
    });
    expect(reader.fault).toBe('message-too-large');
    expect(rest).toHaveLength(0);
    expect(reader.content()).toHaveLength(0);
    expect(reserved).toBeLessThanOrEqual(1_000_000);
  });

  test('memory that is not granted is a fault', () => {
    const { reader } = read(Buffer.from('a\r\n.\r\n'), [100], { reserve: () => false });
    expect(reader.fault).toBe('no-memory');
  });
});
