import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

const sliceBytes = 128 * 1024;

/** A large message in slices with a turn of the event loop between them, for libraries that compute as they read; a small one as it is. */
export const inSlices = (message: Buffer): Buffer | Readable =>
  message.length <= sliceBytes ? message : Readable.from(slices(message), { objectMode: false });

async function* slices(message: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < message.length; at += sliceBytes) {
    yield message.subarray(at, at + sliceBytes);
    await nextTurn();
  }
}
