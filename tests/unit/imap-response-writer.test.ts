import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ResponseWriter } from '#mail-server/imap/serializer/response-writer.ts';

/** The socket of a client that takes everything at once. */
class Eager extends Socket {
  override _write(_chunk: unknown, _encoding: BufferEncoding, taken: () => void): void {
    taken();
  }
}

test('a long answer lets other connections in, also if its client never makes us wait', async () => {
  const writer = new ResponseWriter(new Eager(), () => new Promise((resolve) => setImmediate(resolve)));
  let others = 0;
  setImmediate(() => others++);
  const until = performance.now() + 5_000;
  while (others === 0 && performance.now() < until) {
    writer.text('x'.repeat(65_536));
    await writer.drained();
  }
  expect(others).toBe(1);
});
