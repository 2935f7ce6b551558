import { parentPort } from 'node:worker_threads';
import { indexMessage } from '../../lib/mime/index-message.ts';

export interface IndexTask {
  id: number;
  raw: Uint8Array;
}

/** Indexes large messages beside the event loop; started by index-pool.ts. */
parentPort?.on('message', ({ id, raw }: IndexTask) => {
  try {
    const index = indexMessage(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
    parentPort?.postMessage({ id, index });
  } catch (error) {
    parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
