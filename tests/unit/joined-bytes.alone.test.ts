import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JoinedBytes } from '#lib/mime/joined-bytes.ts';
import { DataReader } from '#mail-server/smtp/data-reader.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Megabytes that are held beside what was there before. */
function held(work: () => unknown): number {
  collect();
  const before = process.memoryUsage();
  const kept = work();
  collect();
  const after = process.memoryUsage();
  expect(kept).toBeDefined();
  return (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6;
}

describe('bytes that come in pieces', () => {
  test('are what came, in whatever pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.integer({ min: 0, max: 9_000 }), (pieces, large) => {
        const all = [...pieces, new Uint8Array(large).fill(7), ...pieces];
        const joined = new JoinedBytes();
        for (const piece of all) joined.push(piece);
        const expected = Buffer.concat(all);
        expect(joined.length).toBe(expected.length);
        expect(joined.take().equals(expected)).toBe(true);
        expect(joined.take()).toHaveLength(0);
      }),
    );
  });

  test('cost about as much memory as they are long, octet by octet too', () => {
    const octet = Buffer.from('x');
    const megabytes = held(() => {
      const joined = new JoinedBytes();
      for (let count = 0; count < 4_000_000; count++) joined.push(octet);
      return joined;
    });
    expect(megabytes).toBeLessThan(12);
  });
});

test('one octet between large pieces costs no room for thousands', () => {
  const [octet, large] = [Buffer.from('x'), Buffer.alloc(4_096, 'y')];
  const megabytes = held(() => {
    const joined = new JoinedBytes();
    for (let count = 0; count < 1_000; count++) {
      joined.push(octet);
      joined.push(Uint8Array.from(large));
    }
    return joined;
  });
  expect(megabytes).toBeLessThan(8);
});

test('a message of nothing but doubled dots costs no more memory than it is long', () => {
  const chunk = Buffer.from('..\r\n'.repeat(16_384));
  const megabytes = held(() => {
    const reader = new DataReader({ messageBytes: 50_000_000, lineBytes: 1_000, strictLineEnds: true, reserve: () => true });
    for (let sent = 0; sent < 10_000_000; sent += chunk.length) reader.push(chunk);
    return reader;
  });
  expect(megabytes).toBeLessThan(25);
});
