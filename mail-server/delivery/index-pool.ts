import { Worker } from 'node:worker_threads';
import { indexMessage } from '../../lib/mime/index-message.ts';
import type { MessageIndex } from '../../lib/mime/message-index.ts';

/** Smaller messages are indexed at once: that takes less than a copy to a worker and back. */
const inlineBytes = 64 * 1024;
const workers = 2;
const taskTimeoutMs = 60_000;

interface Waiting {
  resolve: (index: MessageIndex) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/** Indexes a message without holding up the event loop. */
export function indexIncoming(raw: Buffer): Promise<MessageIndex> {
  return raw.length <= inlineBytes ? Promise.resolve().then(() => indexMessage(raw)) : inWorker(raw);
}

interface IndexWorker {
  worker: Worker;
  tasks: Map<number, Waiting>;
}

const pool: IndexWorker[] = [];
let nextTask = 0;

function inWorker(raw: Buffer): Promise<MessageIndex> {
  const chosen = pool.length < workers ? start() : pool.reduce((best, other) => (other.tasks.size < best.tasks.size ? other : best));
  // the message itself is still needed here, so a copy travels
  const copy = new Uint8Array(raw);
  const id = ++nextTask;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => stop(chosen, new Error('indexing took too long')), taskTimeoutMs);
    chosen.tasks.set(id, { resolve, reject, timer });
    chosen.worker.ref();
    chosen.worker.postMessage({ id, raw: copy }, [copy.buffer]);
  });
}

function start(): IndexWorker {
  const entry: IndexWorker = { worker: new Worker(new URL('./index-worker.ts', import.meta.url)), tasks: new Map() };
  entry.worker.on('message', (message: { id: number; index?: MessageIndex; error?: string }) => {
    const waiting = entry.tasks.get(message.id);
    if (!waiting) return;
    entry.tasks.delete(message.id);
    clearTimeout(waiting.timer);
    if (entry.tasks.size === 0) entry.worker.unref();
    if (message.index) waiting.resolve(withBuffers(message.index));
    else waiting.reject(new Error(message.error ?? 'not indexed'));
  });
  entry.worker.on('error', (error) => stop(entry, error instanceof Error ? error : new Error(String(error))));
  entry.worker.on('exit', () => stop(entry, new Error('the index worker ended')));
  entry.worker.unref();
  pool.push(entry);
  return entry;
}

/** A worker that failed or hangs is given up with its tasks; the next message starts another. */
function stop(entry: IndexWorker, error: Error): void {
  const at = pool.indexOf(entry);
  if (at >= 0) pool.splice(at, 1);
  for (const waiting of entry.tasks.values()) {
    clearTimeout(waiting.timer);
    waiting.reject(error);
  }
  entry.tasks.clear();
  void entry.worker.terminate();
}

/** Buffers arrive as plain Uint8Arrays. */
function withBuffers(index: MessageIndex): MessageIndex {
  const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    ...index,
    envelope: buffer(index.envelope),
    body: buffer(index.body),
    bodystructure: buffer(index.bodystructure),
    parts: buffer(index.parts),
  };
}
